import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { datasetsDir } from "../../src/core/index.ts";

interface ManifestFile {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly records: number;
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly source: string;
  readonly licence: string;
  readonly licenceFiles: readonly string[];
}

const root = datasetsDir();
const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8")) as { files: ManifestFile[] };

/** How records are counted and dated, by format; written anew, so that the script that made the manifest is checked too. */
const readers: Record<string, (text: string) => { count: number; times?: number[] }> = {
  "zeek-tsv": (text) => {
    const lines = dataLines(text);
    return { count: lines.length, times: lines.map((line) => Math.floor(Number(line.split("\t")[0]) * 1000)) };
  },
  "suricata-eve": (text) => {
    const events = dataLines(text).map((line) => JSON.parse(line) as { timestamp: string });
    return { count: events.length, times: events.map(({ timestamp }) => Date.parse(timestamp)) };
  },
  ipsum: (text) => ({ count: dataLines(text).length }),
  maltrail: (text) => ({ count: dataLines(text).length }),
  "soclab-asn": (text) => ({ count: dataLines(text).filter((line) => /^[\da-f]+,[\da-f]+,[\da-f]+$/.test(line)).length }),
  assets: (text) => ({ count: dataLines(text).length - 1 }),
  users: (text) => ({ count: dataLines(text).length - 1 }),
};

function dataLines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("the shipped data", () => {
  for (const file of manifest.files) {
    test(`${file.path} is what the manifest says`, () => {
      const bytes = readFileSync(join(root, file.path));
      assert.equal(bytes.length, file.bytes);
      assert.equal(createHash("sha256").update(bytes).digest("hex"), file.sha256);
      const text = (file.path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
      const { count, times } = readers[file.format]!(text);
      assert.equal(count, file.records);
      assert.notEqual(file.source, "");
      assert.notEqual(file.licence, "");
      for (const licence of file.licenceFiles) assert.ok(statSync(join(root, licence)).size > 100, licence);
      if (times === undefined) assert.equal(file.period, null);
      else {
        assert.ok(Math.abs(times.reduce((a, b) => Math.min(a, b)) - Date.parse(file.period!.from)) <= 1);
        assert.ok(Math.abs(times.reduce((a, b) => Math.max(a, b)) - Date.parse(file.period!.to)) <= 1);
      }
    });
  }

  test("lists every data file that lies in its folders", () => {
    const listed = new Set(manifest.files.map(({ path }) => path));
    const licences = new Set(manifest.files.flatMap(({ licenceFiles }) => licenceFiles));
    for (const folder of ["zeek", "suricata", "threat-intel", "asn"]) {
      for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name)
          .slice(root.length)
          .replace(/^[\\/]/, "")
          .replaceAll("\\", "/");
        assert.ok(listed.has(path) || licences.has(path) || path === "asn/MODIFICATIONS", `${path} is not in the manifest`);
      }
    }
  });

  test("says of what was made for the sample that it was made", () => {
    for (const path of ["assets.csv", "users.csv"])
      assert.match(manifest.files.find((file) => file.path === path)!.source, /^made for this sample/);
  });

  test("stays under 20 MB", () => {
    let total = 0;
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) total += statSync(join(entry.parentPath, entry.name)).size;
    assert.ok(total < 20_000_000, `${total} bytes`);
  });

  test("gives every asset and user an address that occurs in the logs", () => {
    const logs = manifest.files.filter(({ format }) => format === "zeek-tsv" || format === "suricata-eve");
    const text = logs.map(({ path }) => {
      const bytes = readFileSync(join(root, path));
      return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
    });
    for (const [path, column] of [["assets.csv", 0] as const, ["users.csv", 1] as const]) {
      for (const line of dataLines(readFileSync(join(root, path), "utf8")).slice(1)) {
        const address = line.split(",")[column]!;
        const pattern = new RegExp(`(?<![\\d.])${address.replaceAll(".", "\\.")}(?![\\d.])`);
        assert.ok(
          text.some((log) => pattern.test(log)),
          `${address} of ${path}`,
        );
      }
    }
  });

  test("has its explanation", () => assert.ok(existsSync(join(root, "README.md"))));
});
