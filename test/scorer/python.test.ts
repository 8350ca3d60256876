import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openLake } from "../../src/lake/index.ts";
import { encodeModel, evaluateOnLake, truthOf } from "../../src/models/index.ts";
import { encodeSafetensors } from "../../src/models/safetensors.ts";
import { service } from "../services.ts";
import { ingestInto, laterConn, makeWorld } from "./world.ts";

const python = service("python", ["numpy", "sklearn", "safetensors"]);
const folder = await mkdtemp(join(tmpdir(), "soclab-python-"));
after(() => rm(folder, { recursive: true }));

test("Python's safetensors opens a model file, and scikit-learn finds the same figures on the shipped later day", {
  skip: python.skip,
}, async () => {
  const world = await makeWorld(folder);
  await ingestInto(world.lakeDir, [laterConn], world.enricher);
  await using lake = openLake(world.lakeDir);
  const { model } = world;
  const { matrix, metrics } = await evaluateOnLake(model, lake);
  const scores = new Float64Array(matrix.rowCount);
  model.scoreInto(matrix.values, matrix.rowCount, scores);
  const truth = Int32Array.from(truthOf(matrix.labels));
  const [modelPath, scoresPath] = [join(folder, "model.safetensors"), join(folder, "scores.safetensors")];
  await writeFile(modelPath, encodeModel(model));
  const tensors = new Map([
    ["scores", { shape: [scores.length], data: scores }],
    ["truth", { shape: [truth.length], data: truth }],
  ]);
  await writeFile(scoresPath, encodeSafetensors({ metadata: new Map(), tensors }));

  const script = join(import.meta.dirname, "..", "reference", "check_model.py");
  const seen = JSON.parse(execFileSync(python.path, [script, modelPath, scoresPath], { encoding: "utf8" })) as {
    tensors: Record<string, number[]>;
    golden: number[];
    auc: number;
    ap: number;
  };
  assert.deepEqual(seen.golden, [...model.golden.scores]);
  assert.deepEqual(seen.tensors["golden.rows"], [model.golden.scores.length, model.features.length]);
  assert.ok(Math.abs(seen.auc - metrics.auc!) < 1e-12, `AUC ${metrics.auc}, scikit-learn ${seen.auc}`);
  assert.ok(Math.abs(seen.ap - metrics.ap!) < 1e-12, `average precision ${metrics.ap}, scikit-learn ${seen.ap}`);
});
