import { SoclabError } from "../../core/index.ts";
import { readText } from "../text-file.ts";
import { openHttp } from "./http-source.ts";
import type { OpenReference, ReferenceContext, ReferenceSource } from "./reference-source.ts";
import { csvTable } from "./reference-table.ts";

/** @param wanted - the columns that a header line may have */
export async function openReference(source: ReferenceSource, wanted: readonly string[], context: ReferenceContext): Promise<OpenReference> {
  if ("url" in source) return openHttp(source, wanted, context);
  if (!("path" in source) || source.path.endsWith(".parquet")) {
    if (context.readTable) return { table: await context.readTable(source) };
    throw new SoclabError("SOCLAB_USAGE", `reading ${"path" in source ? source.path : `table "${source.table}"`} needs a database engine`, {
      hint: "Give loadEnrichment a reader: loadEnrichment(config, { readTable: readReferenceTable }).",
    });
  }
  const text = await readText(source.path);
  return { table: csvTable(text, source.path, wanted) };
}
