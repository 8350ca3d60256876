import assert from "node:assert/strict";
import { test } from "node:test";
import { architectureViolations, type SourceTree } from "./architecture.ts";
import { readText, repositoryFiles } from "./repository.ts";

function violationsOf(sources: Record<string, string>): string[] {
  const tree: SourceTree = new Map(Object.entries(sources));
  return architectureViolations(tree);
}

test("the sources keep to the layout: layers, faces, no circles, one door a vendor, names that say something", () => {
  const paths = repositoryFiles().filter((path) => /^(src|kernel-ext|test|bench)\/.*\.ts$/.test(path));
  assert.ok(paths.length > 50, `only ${paths.length} sources found`);
  assert.deepEqual(architectureViolations(new Map(paths.map((path) => [path, readText(path)]))), []);
});

test("a tree in order has no violations", () => {
  const tree = {
    "src/index.ts": 'export { x } from "./core/index.ts";',
    "src/core/index.ts": 'export { x } from "./ids.ts";',
    "src/core/ids.ts": 'import { createHash } from "node:crypto"; export const x = createHash;',
    "src/event/index.ts": 'import type { X } from "../core/index.ts"; export type Y = X;',
    "src/detectors/index.ts": 'new Worker(new URL("./worker.ts", import.meta.url));',
    "src/detectors/worker.ts": 'import { z } from "zod"; export const schema = z;',
    "kernel-ext/src/index.ts": 'export * from "./display/html.ts";',
    "kernel-ext/src/display/html.ts": "",
    "kernel-ext/src/wire/sockets.ts": 'import "zeromq"; import "../session/ring.ts";',
    "kernel-ext/src/session/ring.ts": 'import { html } from "../display/html.ts";',
    "kernel-ext/src/client/channel.ts": 'import "zeromq";',
    "kernel-ext/test/client/channel.test.ts": 'import "../../../test/services.ts";',
  };
  assert.deepEqual(violationsOf(tree), []);
});

const broken: Record<string, { sources: Record<string, string>; expected: RegExp }> = {
  "an import of a later folder": {
    sources: { "src/core/index.ts": 'import { a } from "../event/index.ts";', "src/event/index.ts": "export const a = 1;" },
    expected: /core is below event and cannot import it/,
  },
  "a type import of a later folder": {
    sources: { "src/core/index.ts": 'export type A = import("../event/index.ts").A;' },
    expected: /core is below event/,
  },
  "an import past a folder's face": {
    sources: { "src/ingest/index.ts": 'export * from "../event/column.ts";' },
    expected: /imports src\/event\/column\.ts, not the face src\/event\/index\.ts/,
  },
  "a dynamic import past a folder's face": {
    sources: { "src/ingest/index.ts": 'const a = await import("../event/column.ts");' },
    expected: /not the face/,
  },
  "a worker of another folder": {
    sources: { "src/models/index.ts": 'new URL("../detectors/worker.ts", import.meta.url)' },
    expected: /not the face/,
  },
  "a circle of files": {
    sources: {
      "src/core/index.ts": 'export * from "./a.ts";',
      "src/core/a.ts": 'import "./b.ts";',
      "src/core/b.ts": 'import "./index.ts";',
    },
    expected: /^circle: src\/core\/a\.ts → src\/core\/b\.ts → src\/core\/index\.ts → src\/core\/a\.ts$/,
  },
  "a vendor with two doors": {
    sources: { "src/table/a.ts": 'import "@duckdb/node-api";', "src/lake/b.ts": 'import "@duckdb/node-api/lib/x.js";' },
    expected: /^@duckdb\/node-api has 2 doors: lake, table$/,
  },
  "a folder that the layout does not know": { sources: { "src/shared/a.ts": "" }, expected: /"shared" is not a folder of the layout/ },
  "a default export": { sources: { "src/core/a.ts": "export default class {}" }, expected: /has a default export/ },
  "a default export by name": { sources: { "src/core/a.ts": "const a = 1; export { a as default };" }, expected: /has a default export/ },
  "a builtin without its scheme": { sources: { "src/core/a.ts": 'import "fs";' }, expected: /write "node:fs"/ },
  "a name that says nothing": { sources: { "src/core/string-utils.ts": "" }, expected: /"string-utils" says nothing/ },
  "a name in camel case": { sources: { "src/core/eventId.ts": "" }, expected: /"eventId" is not kebab-case/ },
  "a folder that imports the library's own face": {
    sources: { "src/core/a.ts": 'import "../index.ts";' },
    expected: /does not import src\/index\.ts/,
  },
  "a source that imports a test": {
    sources: { "src/core/a.ts": 'import "../../test/services.ts";' },
    expected: /no code from outside src/,
  },
  "a kernel that imports soclab": { sources: { "kernel-ext/src/a.ts": 'import "soclab";' }, expected: /the kernel does not know soclab/ },
  "a kernel that reaches into src": {
    sources: { "kernel-ext/src/a.ts": 'import "../../src/index.ts";' },
    expected: /nothing from outside its folder/,
  },
  "an import of a later room of the kernel": {
    sources: { "kernel-ext/src/display/a.ts": 'import "../session/b.ts";', "kernel-ext/src/session/b.ts": "" },
    expected: /^kernel-ext\/src\/display\/a\.ts: display is below session and cannot import it$/,
  },
  "a room that the kernel's layout does not know": {
    sources: { "kernel-ext/src/shared/a.ts": "" },
    expected: /"shared" is not a folder of the layout/,
  },
  "a room of the kernel that imports its face": {
    sources: { "kernel-ext/src/wire/a.ts": 'import "../index.ts";', "kernel-ext/src/index.ts": "" },
    expected: /a folder does not import kernel-ext\/src\/index\.ts/,
  },
  "a vendor of the kernel with two doors": {
    sources: { "kernel-ext/src/display/a.ts": 'import "marked";', "kernel-ext/src/notebook/b.ts": 'import "marked";' },
    expected: /^marked has 2 doors: display, notebook$/,
  },
  "a shared vendor behind a further door": {
    sources: { "kernel-ext/src/wire/a.ts": 'import "zeromq";', "kernel-ext/src/session/b.ts": 'import "zeromq";' },
    expected: /^zeromq has 3 doors: client, session, wire$/,
  },
  "a circle of files in the kernel": {
    sources: { "kernel-ext/src/wire/a.ts": 'import "./b.ts";', "kernel-ext/src/wire/b.ts": 'import "./a.ts";' },
    expected: /^circle: kernel-ext\/src\/wire\/a\.ts → kernel-ext\/src\/wire\/b\.ts → /,
  },
  "a soclab that imports the kernel": {
    sources: { "src/core/a.ts": 'import "soclab-kernel";' },
    expected: /soclab does not know the kernel/,
  },
};

for (const [name, { sources, expected }] of Object.entries(broken)) {
  test(`${name} is a violation`, () => {
    const violations = violationsOf(sources);
    assert.equal(violations.filter((violation) => expected.test(violation)).length, 1, violations.join("\n") || "no violation");
  });
}
