import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { openMmdb, parseAddress, parsePrefix } from "../../src/enrich/index.ts";
import { addressToBigint } from "../../src/enrich/range-table.ts";

const fixtures = join(import.meta.dirname, "fixtures", "mmdb");
const any = () => true;

interface Network {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
  readonly record: unknown;
}

/** IPv4 networks of an IPv6 database are written `::214.2.3.0/126`. */
function networkOf(written: string, record: unknown): Network {
  const [text, length] = written.split("/") as [string, string];
  const v4 = /^::(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  const prefix = parsePrefix(v4 === undefined || Number(length) < 96 ? written : `${v4}/${Number(length) - 96}`)!;
  const bits = prefix.family === 4 ? 32 : 128;
  const first = addressToBigint({ ...prefix, text });
  return { bits, first, last: first | ((1n << BigInt(bits - prefix.length)) - 1n), record };
}

function textOf(value: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  return Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(":");
}

/** JSON has no bytes and no 128-bit integers; the others compare as they are. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (typeof each === "bigint" ? Number(each) : each)) ?? "null");

const sources = readdirSync(join(fixtures, "source-data")).map((file) => file.replace(/\.json\.gz$/, ""));
const databases = readdirSync(join(fixtures, "test-data"));
for (const name of sources.filter((each) => databases.includes(`${each}.mmdb`)))
  test(`${name}: every network of its source reads back equal`, async () => {
    const source: Record<string, unknown>[] = JSON.parse(
      gunzipSync(readFileSync(join(fixtures, "source-data", `${name}.json.gz`))).toString(),
    );
    const networks = source.flatMap((one) => Object.entries(one).map(([written, record]) => networkOf(written, record)));
    const database = await openMmdb(join(fixtures, "test-data", `${name}.mmdb`), any, "records");
    assert.ok(networks.length > 0);
    for (const { bits, first, last } of networks) {
      for (const end of [first, last]) {
        // What the source says last of an address counts, of the network or of one inside or around it.
        const said = networks.findLast((other) => other.bits === bits && other.first <= end && end <= other.last);
        const text = textOf(end, bits);
        assert.deepEqual(sorted(plain(database.find(parseAddress(text)!))), sorted(plain(said!.record)), text);
      }
    }
  });

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

test("every sound database opens, one with broken pointers is refused", async () => {
  for (const file of databases) {
    const opened = openMmdb(join(fixtures, "test-data", file), any, "records");
    if (file.includes("broken-pointers")) await assert.rejects(opened, { code: "SOCLAB_INVALID_FILE" }, file);
    else await opened;
  }
});

/** Odd metadata and sound data: other readers overran their buffers on them. */
const readable = new Set(["libmaxminddb-empty-array-last-in-metadata.mmdb", "libmaxminddb-uint64-max-epoch.mmdb"]);

test("damaged files end in an error that names them, none in a crash or without an end", async () => {
  for (const folder of readdirSync(join(fixtures, "bad-data"))) {
    for (const file of readdirSync(join(fixtures, "bad-data", folder))) {
      const path = join(fixtures, "bad-data", folder, file);
      if (readable.has(file)) {
        assert.deepEqual((await openMmdb(path, any, "records")).find(parseAddress("1.1.1.1")!), { ip: "test" });
        continue;
      }
      await assert.rejects(
        openMmdb(path, any, "records"),
        (error: Error & { code?: string }) => error.code === "SOCLAB_INVALID_FILE" && error.message.includes(file),
        file,
      );
    }
  }
});
