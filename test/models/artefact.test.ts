import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SoclabError } from "../../src/core/index.ts";
import type { JsonValue } from "../../src/event/index.ts";
import { definitionHash, parseDefinition } from "../../src/features/index.ts";
import { decodeModel, encodeModel, type Model, trainModel } from "../../src/models/index.ts";
import { decodeSafetensors, encodeSafetensors, type TensorFile } from "../../src/models/safetensors.ts";
import { events } from "./feature-matrices.ts";

const value: JsonValue = {
  name: "d",
  table: "conn",
  entity: "ip_src_addr",
  features: [{ name: "bytes", sum: "orig_bytes", window: "1h" }],
};
const definition = { value, hash: definitionHash(parseDefinition(value)) };

function refused(what: RegExp) {
  return (error: unknown) =>
    error instanceof SoclabError && error.code === "SOCLAB_ARTEFACT" && error.hint !== undefined && what.test(error.message);
}

/** A file with the given header text and body. */
function file(header: string, body = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

for (const detector of ["isolation-forest", "ecod"]) {
  describe(`a model file of ${detector}`, () => {
    const matrix = events(1, 400);
    const model = trainModel(matrix, { name: "conn", detector, definition, later: events(2, 100, matrix.eventTimes.at(-1)! + 1) });
    const bytes = encodeModel(model);

    /** The file with something in its header, metadata or tensors changed. */
    const changed = (
      change: (file: { header: Record<string, unknown>; metadata: Map<string, string>; tensors: Map<string, unknown> }) => void,
    ) => {
      const { tensors, metadata } = decodeSafetensors(bytes);
      const parts = { header: JSON.parse(metadata.get("soclab")!), metadata: new Map(metadata), tensors: new Map(tensors) };
      change(parts);
      if (parts.metadata.has("soclab") && parts.metadata.get("soclab") === metadata.get("soclab"))
        parts.metadata.set("soclab", JSON.stringify(parts.header));
      return encodeSafetensors({ tensors: parts.tensors, metadata: parts.metadata } as TensorFile);
    };

    test("gives back the same model", () => {
      const again = decodeModel(bytes);
      assert.deepEqual(again.detector.score(matrix), model.detector.score(matrix));
      assert.deepEqual(again.explain(matrix.values.subarray(0, 3)), model.explain(matrix.values.subarray(0, 3)));
      for (const key of [
        "name",
        "version",
        "hash",
        "createdBy",
        "definition",
        "calibration",
        "training",
        "metrics",
        "golden",
        "features",
      ] as const) {
        assert.deepEqual(again[key], model[key], key);
      }
      assert.deepEqual(again.detector.params, model.detector.params);
    });

    test("is the same bytes for the same training", () => {
      assert.deepEqual(encodeModel(decodeModel(bytes)), bytes);
    });

    test("has every tensor aligned to its item size", () => {
      assert.equal(new DataView(bytes.buffer).getBigUint64(0, true) % 8n, 0n);
      const text = new TextDecoder().decode(bytes.subarray(8, 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))));
      for (const [name, entry] of Object.entries<{ dtype: string; data_offsets: number[] }>(JSON.parse(text))) {
        if (name !== "__metadata__") assert.equal(entry.data_offsets[0]! % (entry.dtype === "F64" ? 8 : 4), 0, name);
      }
    });

    test("is refused when truncated anywhere", () => {
      for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 300)) {
        assert.throws(() => decodeModel(bytes.subarray(0, length)), refused(/./), `${length} bytes`);
      }
    });

    test("is refused when any byte is changed", () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
          const damaged = bytes.slice();
          damaged[at] = damaged[at]! ^ flip;
          let read: Model;
          try {
            read = decodeModel(damaged);
          } catch (error) {
            assert.ok(error instanceof SoclabError && error.code === "SOCLAB_ARTEFACT", String(error));
            return;
          }
          // Padding may change its kind of white space; name and version are not part of the content.
          assert.equal(read.hash, model.hash);
        }),
        { numRuns: 300 },
      );
    });

    test("is refused with what is wrong with its header", () => {
      const cases: [RegExp, Parameters<typeof changed>[0]][] = [
        [/no metadata entry "soclab"/, ({ metadata }) => metadata.delete("soclab")],
        [/not JSON/, ({ metadata }) => metadata.set("soclab", "{")],
        [/hash/, ({ metadata }) => metadata.delete("sha256")],
        [/hash/, ({ metadata }) => metadata.set("sha256", "0".repeat(64))],
        [/hash/, ({ header }) => Object.assign(header, { createdBy: "someone else" })],
        [/hash/, ({ header }) => Object.assign(header, { definition: null })],
        [/header definition.hash/, ({ header }) => Object.assign(header, { definition: { value: {}, hash: "x" } })],
        [/header format/, ({ header }) => Object.assign(header, { format: "other" })],
        [/header formatVersion/, ({ header }) => Object.assign(header, { formatVersion: 2 })],
        [/header itself: Unrecognized key/, ({ header }) => Object.assign(header, { code: "process.exit()" })],
        [/__proto__/, ({ metadata }) => metadata.set("soclab", metadata.get("soclab")!.replace("{", '{"__proto__":{"polluted":1},'))],
        [/no name for a model/, ({ header }) => Object.assign(header, { name: "../../etc/passwd" })],
        [/no detector "eval"/, ({ header }) => Object.assign(header, { detector: { name: "eval", params: {} } })],
        [/no parameter/, ({ header }) => Object.assign(header, { detector: { name: detector, params: { constructor: 1 } } })],
        [/same name/, ({ header }) => Object.assign(header, { features: ["a", "a", "b"] })],
        [/golden.rows|restored/, ({ header }) => Object.assign(header, { features: ["a", "b"] })],
        [/restored|hash/, ({ header }) => Object.assign(header, { training: { from: null, until: null, rows: 7 } })],
        [/header version/, ({ header }) => Object.assign(header, { version: -1 })],
        [/header calibration/, ({ header }) => Object.assign(header, { calibration: { tail: { logShare: 0, scale: 0, shape: 0 } } })],
        [/tensor "extra" is none/, ({ tensors }) => tensors.set("extra", { shape: [1], data: Float64Array.of(1) })],
        [
          /out of order/,
          ({ tensors }) =>
            tensors
              .set("calibration.scores", { shape: [2], data: Float64Array.of(1, 0) })
              .set("calibration.logShares", { shape: [2], data: Float64Array.of(0, -1) }),
        ],
        [
          /out of order/,
          ({ tensors }) =>
            tensors
              .set("calibration.scores", { shape: [1], data: Float64Array.of(Number.NaN) })
              .set("calibration.logShares", { shape: [1], data: Float64Array.of(0) }),
        ],
        [
          /golden score is not finite/,
          ({ tensors }) => tensors.set("golden.scores", { shape: [16], data: new Float64Array(16).fill(Number.NaN) }),
        ],
        [/golden.scores/, ({ tensors }) => tensors.delete("golden.scores")],
        [/golden.rows/, ({ tensors }) => tensors.set("golden.rows", { shape: [3, 16], data: new Float64Array(48) })],
      ];
      for (const [what, change] of cases) assert.throws(() => decodeModel(changed(change)), refused(what), String(what));
      assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
    });

    test("is refused when the golden rows do not score as they did, even with the right hash", () => {
      const forged = { ...model, golden: { rows: model.golden.rows, scores: model.golden.scores.map((score) => score * (1 + 1e-9)) } };
      const other = trainModel(matrix, { name: "conn", detector, definition });
      const { name, version } = other;
      const rebuilt = new (other.constructor as typeof Model)(name, version, { ...forged, detector: model.detector });
      assert.throws(() => decodeModel(encodeModel(rebuilt)), refused(/golden row 0 scores/));
    });
  });
}

test("a model whose feature definition no longer means what it meant is refused", () => {
  const file = (definition: { value: JsonValue; hash: string }) =>
    encodeModel(trainModel(events(1, 60), { name: "conn", detector: "ecod", definition }));
  assert.equal(decodeModel(file(definition)).definition!.hash, definition.hash);
  assert.throws(() => decodeModel(file({ value, hash: "ab".repeat(32) })), refused(/its formulas have changed/));
  assert.throws(() => decodeModel(file({ value: { features: 1 }, hash: definition.hash })), refused(/not one that this version/));
});

test("a hostile safetensors file is refused before anything is allocated for it", () => {
  const entry = (dtype: string, shape: unknown, offsets: unknown) => JSON.stringify({ a: { dtype, shape, data_offsets: offsets } });
  const huge = new Uint8Array(16);
  huge.fill(0xff, 0, 8);
  const eight = new Uint8Array(8);
  const cases: [RegExp, Uint8Array][] = [
    [/header claims 18446744073709551615 bytes/, huge],
    [/the file ends after/, file("{}").fill(200, 0, 1)],
    [/not JSON/, file("{")],
    [/not JSON/, file("\ufeff{}")],
    [/not a JSON object/, file("[]")],
    [/not a JSON object/, file(" {}")],
    [/not a JSON object/, file("null")],
    [/not JSON in UTF-8/, file("{}").fill(0xff, 8, 9)],
    [
      /a key twice/,
      file('{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}', eight),
    ],
    [/metadata "k" is not text/, file('{"__metadata__":{"k":{}}}')],
    [/__metadata__ is not an object/, file('{"__metadata__":[]}')],
    [/no name of a tensor/, file('{"__proto__":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}', eight)],
    [/no name of a tensor/, file('{"constructor":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}', eight)],
    [/no name of a tensor/, file('{"../a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}', eight)],
    [/dtype "F16"/, file(entry("F16", [4], [0, 8]), eight)],
    [/shape \[-1\]/, file(entry("F64", [-1], [0, 8]), eight)],
    [/shape \[1.5\]/, file(entry("F64", [1.5], [0, 8]), eight)],
    [/takes .* bytes; it has 8/, file(entry("F64", [2 ** 40, 2 ** 40], [0, 8]), eight)],
    [/takes 16 bytes; it has 8/, file(entry("F64", [2], [0, 8]), eight)],
    [/there are 8 bytes/, file(entry("F64", [2], [0, 16]), eight)],
    [/stands at 8–0/, file(entry("F64", [1], [8, 0]), eight)],
    [/offsets \[0\]/, file(entry("F64", [1], [0]), eight)],
    [/bytes 8–16 belong to no tensor/, file(entry("F64", [1], [0, 8]), new Uint8Array(16))],
    [/bytes 0–8 belong to no tensor/, file(entry("F64", [1], [8, 16]), new Uint8Array(16))],
    [
      /overlaps/,
      file(
        JSON.stringify({ a: { dtype: "F64", shape: [2], data_offsets: [0, 16] }, b: { dtype: "F64", shape: [1], data_offsets: [8, 16] } }),
        new Uint8Array(16),
      ),
    ],
    [/unknown property "code"/, file(JSON.stringify({ a: { dtype: "F64", shape: [1], data_offsets: [0, 8], code: "x" } }), eight)],
  ];
  for (const [what, bytes] of cases) assert.throws(() => decodeSafetensors(bytes), refused(what), String(what));
});

test("any tensors come back bit for bit", () => {
  const tensor = fc.oneof(
    fc.array(fc.double()).map((values) => ({ shape: [values.length], data: Float64Array.from(values) })),
    fc.array(fc.integer()).map((values) => ({ shape: [values.length, 1], data: Int32Array.from(values) })),
  );
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,9}$/).filter((each) => !(each in {}));
  fc.assert(
    fc.property(fc.dictionary(name, tensor), fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
      const stored = { tensors: new Map(Object.entries(tensors)), metadata: new Map(Object.entries(metadata)) };
      const bytes = encodeSafetensors(stored);
      const read = decodeSafetensors(bytes);
      assert.deepEqual(new Map([...read.tensors].sort()), new Map([...stored.tensors].sort()));
      assert.deepEqual(encodeSafetensors(read), bytes);
    }),
  );
});
