import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SoclabError } from "../../src/core/index.ts";
import { openRegistry, parseModelReference, readModel, trainModel } from "../../src/models/index.ts";
import { events } from "./feature-matrices.ts";

const root = mkdtempSync(join(tmpdir(), "soclab-registry-"));
after(() => rmSync(root, { recursive: true }));

const matrix = events(1, 60);
const model = trainModel(matrix, { name: "conn", detector: "ecod" });

function failsWith(code: string, hint?: RegExp) {
  return (error: unknown) => error instanceof SoclabError && error.code === code && (hint === undefined || hint.test(error.hint ?? ""));
}

test("versions count up, and each loads by its number, the newest by latest or by name", async () => {
  const registry = openRegistry(join(root, "a"));
  assert.deepEqual(await registry.list(), []);
  assert.equal(await registry.register(model), "conn@1");
  const second = trainModel(matrix, { name: "conn", detector: "isolation-forest" });
  assert.equal(await registry.register(second), "conn@2");
  assert.equal(await registry.register(trainModel(matrix, { name: "dns", detector: "ecod" })), "dns@1");
  assert.deepEqual(await registry.list(), [
    { name: "conn", versions: [1, 2] },
    { name: "dns", versions: [1] },
  ]);
  const first = await registry.load("conn@1");
  assert.equal(first.reference, "conn@1");
  assert.equal(first.hash, model.hash);
  assert.deepEqual(first.detector.score(matrix), model.detector.score(matrix));
  for (const reference of ["conn", "conn@latest", "conn@2"]) assert.equal((await registry.load(reference)).hash, second.hash);
});

test("registering at the same time gives each model a version of its own, and leaves nothing beside", async () => {
  const dir = join(root, "b");
  const references = await Promise.all(Array.from({ length: 12 }, () => openRegistry(dir).register(model)));
  assert.deepEqual(references.sort(), Array.from({ length: 12 }, (_, i) => `conn@${i + 1}`).sort());
  assert.equal(readdirSync(join(dir, "conn")).length, 12);
});

test("a version is never written over", async () => {
  const dir = join(root, "c");
  await openRegistry(dir).register(model);
  const before = readFileSync(join(dir, "conn", "1.safetensors"));
  await openRegistry(dir).register(trainModel(matrix, { name: "conn", detector: "isolation-forest" }));
  assert.deepEqual(readFileSync(join(dir, "conn", "1.safetensors")), before);
});

test("an unknown model is refused with the nearest name, an unknown version with those there are", async () => {
  const registry = openRegistry(join(root, "a"));
  await assert.rejects(registry.load("con"), failsWith("SOCLAB_UNKNOWN_MODEL", /Did you mean "conn"\?/));
  await assert.rejects(registry.load("conn@7"), failsWith("SOCLAB_UNKNOWN_MODEL", /It has 1, 2/));
  await assert.rejects(openRegistry(join(root, "none")).load("conn"), failsWith("SOCLAB_UNKNOWN_MODEL", /registry is empty/));
});

test("a name or version that could lead out of the registry is refused", async () => {
  const registry = openRegistry(join(root, "a"));
  for (const reference of [
    "../conn",
    "a/b",
    "..",
    ".",
    ".hidden",
    "a..b",
    "a.",
    "",
    "@1",
    "a\\b",
    "a\0",
    "C:",
    "conn@0",
    "conn@-1",
    "conn@1.5",
    "conn@../1",
    "conn@",
    "x".repeat(65),
  ]) {
    await assert.rejects(registry.load(reference), failsWith("SOCLAB_INVALID_VALUE"), reference);
  }
  assert.throws(() => trainModel(matrix, { name: "../x", detector: "ecod" }), failsWith("SOCLAB_INVALID_VALUE"));
  assert.deepEqual(parseModelReference("conn-1.2_x@12"), { name: "conn-1.2_x", version: 12 });
});

test("a file in another's place, a damaged one and a stray one are seen for what they are", async () => {
  const dir = join(root, "d");
  const registry = openRegistry(dir);
  await registry.register(model);
  mkdirSync(join(dir, "dns"));
  copyFileSync(join(dir, "conn", "1.safetensors"), join(dir, "dns", "1.safetensors"));
  await assert.rejects(registry.load("dns"), /SOCLAB_ARTEFACT: .* holds conn@1; expected dns@1/);
  writeFileSync(join(dir, "conn", "2.safetensors"), "not a model");
  await assert.rejects(registry.load("conn"), /SOCLAB_ARTEFACT: ".*2\.safetensors": the header claims/);
  writeFileSync(join(dir, "conn", ".3.safetensors.half"), "half");
  writeFileSync(join(dir, "conn", "readme.txt"), "stray");
  assert.deepEqual((await registry.list())[0], { name: "conn", versions: [1, 2] });
  await assert.rejects(readModel(join(dir, "nowhere")), failsWith("SOCLAB_IO"));
});
