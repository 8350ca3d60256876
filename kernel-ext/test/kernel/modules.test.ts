import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { execute as executeIn, printed, resultText, run as runIn, type StartedKernel, startKernel } from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
  write("local.ts", "export const value: number = 1;\nexport type Shape = { readonly side: number };\n");
  write("deep/index.ts", 'import { value } from "../local";\nexport const next = value + 1;\n');
  write("enums.ts", "export enum Level { Low, High = 5 }\nexport class Point { constructor(readonly x: number) {} }\n");
  write("data.json", '{ "hosts": ["a", "b"] }');
  write(
    "node_modules/esm-only/package.json",
    '{ "name": "esm-only", "type": "module", "exports": { ".": { "types": "./index.d.ts", "import": "./index.js" } } }',
  );
  write("node_modules/esm-only/index.js", "export const shout = (text) => text.toUpperCase();\nexport default 7;\n");
  write(
    "node_modules/esm-only/index.d.ts",
    "export declare const shout: (text: string) => string;\ndeclare const seven: number;\nexport default seven;\n",
  );
  write("node_modules/old/package.json", '{ "name": "old", "main": "./main.js", "types": "./main.d.ts" }');
  write("node_modules/old/main.js", "function make() { return { hidden: 3 }; }\nmodule.exports = make();\n");
  write("node_modules/old/main.d.ts", "export declare const hidden: number;\n");
});
after(() => started?.stop());

function write(name: string, text: string): void {
  const path = join(started.folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const run = (code: string) => runIn(started.kernel, code);
const execute = (code: string) => executeIn(started.kernel, code);

test("local TypeScript is imported with and without its ending, folders by their index, types with the values", async () => {
  assert.equal(resultText(await run('import { value, Shape } from "./local";\nconst s: Shape = { side: value };\ns.side')), "1");
  assert.equal(
    resultText(await run('import { value as again } from "./local.ts";\nimport { next } from "./deep";\n[again, next]')),
    "[ 1, 2 ]",
  );
  assert.equal(resultText(await run('const late = await import("./deep/index.ts");\nlate.next')), "2");
});

test("local TypeScript may have what cannot be erased: enums, parameter properties", async () => {
  assert.equal(resultText(await run('import { Level, Point } from "./enums";\n[Level.High, new Point(3).x]')), "[ 5, 3 ]");
});

test("a local file that was edited is loaded anew by the next import, its types too", async () => {
  write("edited.ts", "export const answer = 1;\n");
  assert.equal(resultText(await run('import { answer } from "./edited";\nanswer.toFixed(1)')), "'1.0'");
  write("edited.ts", "export const answer = 'two';\n");
  utimesSync(join(started.folder, "edited.ts"), new Date(), new Date(Date.now() + 5000));
  assert.equal(resultText(await run('import { answer } from "./edited";\nanswer.toUpperCase()')), "'TWO'");
});

test("packages of the notebook's folder are imported, ES modules and CommonJS, by import and by require", async () => {
  assert.equal(resultText(await run('import seven, { shout } from "esm-only";\nshout("a") + seven')), "'A7'");
  assert.equal(resultText(await run('import { hidden } from "old";\nhidden')), "3");
  assert.equal(resultText(await run('const old = require("old");\nold.hidden')), "3");
  assert.equal(resultText(await run('import data from "./data.json";\ndata.hosts.length')), "2");
  assert.equal(
    resultText(await run('import { readFileSync } from "node:fs";\nJSON.parse(readFileSync("data.json", "utf8")).hosts')),
    "[ 'a', 'b' ]",
  );
});

test("what is not there is an error before anything runs, and at run time where types are off", async () => {
  const missing = await execute('console.log("ran");\nimport { x } from "not-installed";');
  assert.match(String(missing.reply.content.evalue), /TS2307: Cannot find module 'not-installed'/);
  assert.equal(printed(missing), "");
  assert.match(String((await execute('import { nope } from "node:fs";')).reply.content.evalue), /TS2305|TS2724/);
  assert.match(
    String((await execute('%typecheck off\nimport "not-installed";')).reply.content.evalue),
    /Cannot find package 'not-installed'/,
  );
  await run("%typecheck on");
});

test("the kernel's own package is the one that runs: its functions reach this session", async () => {
  const result = await run(
    'import { display, kernel as same } from "soclab-kernel";\nawait display("shown");\n[same.directory === kernel.directory, typeof same.timeit]',
  );
  assert.ok(result.outputs.some((output) => output.output_type === "display_data"));
  assert.equal(resultText(result), "[ true, 'function' ]");
});

test("import.meta and the CommonJS names say where the notebook is", async () => {
  assert.equal(resultText(await run("[import.meta.dirname, __dirname, process.cwd()].every((path) => path === kernel.directory)")), "true");
});
