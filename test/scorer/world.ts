import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { datasetsDir } from "../../src/core/index.ts";
import { createEnricher, type Enricher, loadEnrichment } from "../../src/enrich/index.ts";
import { ingestFiles, openLake, openLakeWriter } from "../../src/lake/index.ts";
import { type Model, openRegistry, trainOnLake } from "../../src/models/index.ts";

/** End of the sample's first local day. */
export const until = Date.UTC(2022, 5, 13, 22) * 1000;

export const zeekDir = (host: string, day: string) => join(datasetsDir(), "zeek", host, day);
export const earlierConn = ["147.32.81.167", "147.32.83.165"].map((host) => join(zeekDir(host, "2022-06-13"), "conn.log.labeled.gz"));
export const laterConn = join(zeekDir("147.32.83.234", "2022-06-14"), "conn.log.labeled.gz");

export interface LogLines {
  readonly header: readonly string[];
  readonly records: readonly string[];
}

/** The later day's flows as lines, latin1 so that every byte is kept. */
export async function laterLines(): Promise<LogLines> {
  const lines = gunzipSync(await readFile(laterConn))
    .toString("latin1")
    .trimEnd()
    .split("\n");
  return { header: lines.filter((line) => line.startsWith("#")), records: lines.filter((line) => !line.startsWith("#")) };
}

export interface World {
  readonly enricher: Enricher;
  readonly lakeDir: string;
  readonly registryDir: string;
  readonly model: Model;
}

/** A lake of the earlier day and a small model trained on it, below `folder`. */
export async function makeWorld(folder: string): Promise<World> {
  const lakeDir = join(folder, "lake");
  const registryDir = join(folder, "models");
  const enricher = createEnricher(await loadEnrichment());
  await ingestInto(lakeDir, earlierConn, enricher);
  await using lake = openLake(lakeDir);
  const definition: unknown = JSON.parse(await readFile(join(datasetsDir(), "definitions", "conn-source.json"), "utf8"));
  const trained = await trainOnLake({
    lake,
    definition,
    name: "conn",
    detector: "isolation-forest",
    params: { seed: 1, nEstimators: 25 },
    until,
  });
  const registry = openRegistry(registryDir);
  return { enricher, lakeDir, registryDir, model: await registry.load(await registry.register(trained)) };
}

export async function ingestInto(lakeDir: string, files: readonly string[], enricher: Enricher): Promise<void> {
  await using writer = await openLakeWriter(lakeDir);
  await ingestFiles(writer, { feed: "zeek", files, enricher });
}
