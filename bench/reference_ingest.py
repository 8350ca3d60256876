"""polars copying a log file to zstd Parquet, as bench/ingest-parquet.ts asks. Prints one JSON line.

    POLARS_MAX_THREADS=1 python bench/reference_ingest.py zeek|suricata FILE
"""

import json
import os
import sys
import tempfile
import time

import polars as pl

feed, path = sys.argv[1:]


def read():
    if feed == "suricata":
        return pl.scan_ndjson(path, infer_schema_length=None)
    with open(path, encoding="latin1") as file:
        header = [line for _, line in zip(range(20), file)]
    names = next(line for line in header if line.startswith("#fields")).rstrip("\n").split("\t")[1:]
    skip = next(i for i, line in enumerate(header) if not line.startswith("#"))
    return pl.scan_csv(path, separator="\t", has_header=False, skip_rows=skip, new_columns=names, null_values="-", quote_char=None, infer_schema_length=100_000)


with tempfile.TemporaryDirectory() as folder:
    start = time.perf_counter()
    read().sink_parquet(os.path.join(folder, "out.parquet"), compression="zstd", compression_level=1)
    seconds = time.perf_counter() - start
print(json.dumps({"peer": f"polars {pl.__version__}", "seconds": seconds}))
