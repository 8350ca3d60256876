import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { repositoryFiles, root } from "../meta/repository.ts";
import { script, soclab } from "./run.ts";

const prefix = mkdtempSync(join(tmpdir(), "soclab-kernel-"));
after(() => rmSync(prefix, { recursive: true }));

test("kernel and run stand in the help, and hand their own help on", async () => {
  assert.match((await soclab(["--help"])).out, /^ {2}kernel +the TypeScript kernel[\s\S]*^ {2}run +run a notebook/m);
  for (const args of [["kernel"], ["kernel", "--help"], ["kernel", "-h"]]) {
    assert.match((await soclab(args)).out, /^Usage: soclab kernel COMMAND/, args.join(" "));
  }
  assert.match((await soclab(["kernel", "install", "--help"])).out, /soclab kernel install --sys-prefix/);
});

function isBuilt(): boolean {
  const built = statSync(join(root, "dist", ".sources"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return repositoryFiles().every((path) => !path.startsWith("src/") || statSync(join(root, path)).mtimeMs <= built);
}

test("the kernel is installed where Jupyter looks, and removed again", async () => {
  const installed = await soclab(["kernel", "install", "--prefix", prefix, "--name", "mine", "--json"]);
  assert.equal(installed.code, 0, installed.err);
  const folder = join(prefix, "share", "jupyter", "kernels", "mine");
  assert.equal((JSON.parse(installed.out) as { folder: string }).folder, folder);
  const { argv, language } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as { argv: string[]; language: string };
  assert.equal(language, "typescript");
  const program = argv.find((word) => word.endsWith("soclab-kernel.mjs"));
  assert.ok(argv[0] === process.execPath && program && existsSync(program), argv.join(" "));
  const takesSources = !isBuilt() && Number(process.versions.node.split(".")[0]) >= 24;
  assert.equal(argv.includes("soclab-source"), takesSources, "cells see what was compiled, or where that is old the sources");
  assert.equal((await soclab(["kernel", "uninstall", "--prefix", prefix, "--name", "mine"])).code, 0);
  assert.ok(!existsSync(folder));
});

test("exit codes and messages are the kernel's", async () => {
  const { code, err } = await soclab(["kernel", "instal"]);
  assert.equal(code, 2);
  assert.match(err, /^soclab kernel: there is no command "instal"\. Did you mean "install"/);
  assert.equal((await soclab(["kernel", "uninstall", "--prefix", prefix])).code, 1);
  assert.notEqual((await soclab(["run", "no-such-notebook.ipynb"])).code, 0);
});

test("a signal reaches the notebook that runs, and its kernel ends with it", {
  skip: process.platform === "win32" && "Windows has no signals",
}, async () => {
  const code = 'require("node:fs").writeFileSync("pid", String(process.pid));\nawait new Promise(() => {});';
  const cell = { cell_type: "code", id: "endless", metadata: {}, execution_count: null, outputs: [], source: code };
  const kernelspec = { name: "soclab", display_name: "TypeScript", language: "typescript" };
  const notebook = join(prefix, "endless.ipynb");
  writeFileSync(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells: [cell] }));
  const child = spawn(process.execPath, [script, "run", notebook], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(child, "close");
  const begun = watch(prefix);
  const deadline = AbortSignal.timeout(60_000);
  while (!existsSync(join(prefix, "pid"))) await once(begun, "change", { signal: deadline });
  begun.close();
  child.kill("SIGTERM");
  assert.deepEqual(await ended, [1, null]);
  assert.match(said, /the run was stopped/);
  const pid = Number(readFileSync(join(prefix, "pid"), "utf8"));
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});
