import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { after, test } from "node:test";
import { service } from "../../../test/services.ts";
import { installKernel, uninstallKernel } from "../../src/install/install-kernel.ts";
import { soclabKernel } from "../cli/soclab-kernel.ts";

const python = service("python", ["jupyter_client"]);
const top = mkdtempSync(join(tmpdir(), "kernel-install-"));
after(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => {
  const folder = join(top, String(folders++));
  mkdirSync(folder);
  return folder;
};

function kernelJson(folder: string): {
  argv: string[];
  language: string;
  interrupt_mode: string;
  metadata: Record<string, unknown>;
  display_name: string;
} {
  return JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
}

test("a kernelspec names absolute paths that exist, message interrupts, the debugger and TypeScript, and has three logos", () => {
  const dataFolder = newFolder();
  const { folder, name } = installKernel({ dataFolder });
  assert.equal(folder, join(dataFolder, "kernels", "soclab"));
  assert.equal(name, "soclab");
  const { argv, language, interrupt_mode, metadata } = kernelJson(folder);
  const [node = "", flag] = argv;
  const [program = "", ...words] = argv.slice(argv.findIndex((word) => word.endsWith(".mjs")));
  assert.ok(isAbsolute(node) && existsSync(node) && isAbsolute(program) && existsSync(program));
  assert.equal(flag, "--no-force-async-hooks-checks");
  assert.equal(argv.includes("--experimental-async-context-frame"), process.versions.node.startsWith("22."));
  assert.deepEqual(words, ["launch", "--connection", "{connection_file}"]);
  assert.deepEqual([language, interrupt_mode, metadata.debugger], ["typescript", "message", true]);
  assert.deepEqual(readdirSync(folder).sort(), ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]);
  for (const size of [32, 64]) {
    const png = readFileSync(join(folder, `logo-${size}x${size}.png`));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size]);
  }
  assert.deepEqual(readdirSync(dataFolder), ["kernels"], "nothing is left beside it");
});

test("a second install replaces the first as a whole", () => {
  const dataFolder = newFolder();
  const { folder } = installKernel({ dataFolder });
  writeFileSync(join(folder, "left over"), "");
  const second = installKernel({ dataFolder, displayName: "TS", nodeFlags: ["--max-old-space-size=512"], conditions: ["development"] });
  assert.equal(second.isReplaced, true);
  const { argv, display_name } = kernelJson(folder);
  assert.equal(display_name, "TS");
  assert.ok(argv.indexOf("--max-old-space-size=512") < argv.findIndex((word) => word.endsWith(".mjs")));
  assert.deepEqual(argv.slice(-4), ["--condition", "development", "--connection", "{connection_file}"]);
  assert.equal(existsSync(join(folder, "left over")), false);
});

test("another kernel's folder is never touched, unless by force", () => {
  const dataFolder = newFolder();
  const folder = join(dataFolder, "kernels", "soclab");
  mkdirSync(folder, { recursive: true });
  for (const text of [
    JSON.stringify({ argv: ["python"], display_name: "P", language: "python" }),
    "{",
    "[]",
    JSON.stringify({ argv: 5 }),
  ]) {
    writeFileSync(join(folder, "kernel.json"), text);
    assert.throws(() => installKernel({ dataFolder }), /is another kernel's/);
    assert.throws(() => uninstallKernel({ dataFolder }), /is another kernel's/);
    assert.equal(readFileSync(join(folder, "kernel.json"), "utf8"), text);
  }
  rmSync(join(folder, "kernel.json"));
  assert.throws(() => installKernel({ dataFolder }), /is another kernel's/);
  assert.equal(installKernel({ dataFolder, force: true }).isReplaced, true);
});

test("a link is replaced, not what it leads to", { skip: process.platform === "win32" && "links need rights" }, () => {
  const dataFolder = newFolder();
  const elsewhere = installKernel({ dataFolder: newFolder() }).folder;
  mkdirSync(join(dataFolder, "kernels"));
  symlinkSync(elsewhere, join(dataFolder, "kernels", "soclab"));
  installKernel({ dataFolder, displayName: "new" });
  assert.notEqual(kernelJson(elsewhere).display_name, "new");
  symlinkSync(elsewhere, join(dataFolder, "kernels", "other"));
  uninstallKernel({ dataFolder, name: "other" });
  assert.ok(existsSync(join(elsewhere, "kernel.json")));
});

test("a name is Jupyter's lower case and never a path", () => {
  const dataFolder = newFolder();
  assert.equal(installKernel({ dataFolder, name: "TS_1.x-y" }).name, "ts_1.x-y");
  for (const name of ["", "..", ".", "a/b", "a b", "..\\x", "é"]) {
    assert.throws(() => installKernel({ dataFolder, name }), /cannot be a kernel's name/, name);
    assert.throws(() => uninstallKernel({ dataFolder, name }), /cannot be a kernel's name/, name);
  }
});

test("a file where a folder should be is an error that names it", () => {
  const dataFolder = join(newFolder(), "file");
  writeFileSync(dataFolder, "");
  assert.throws(() => installKernel({ dataFolder }), /cannot write to .*file/);
  assert.ok(statSync(dataFolder).isFile());
});

test("Jupyter lists what was installed, and no longer what was removed", { skip: python.skip }, async () => {
  const prefix = newFolder();
  const env = { ...process.env, JUPYTER_PATH: join(prefix, "share", "jupyter") };
  const list = (): Record<string, { resource_dir: string; spec: { display_name: string } }> => {
    const run = spawnSync(python.path, ["-m", "jupyter_client.kernelspecapp", "list", "--json"], { env, encoding: "utf8" });
    return JSON.parse(run.stdout).kernelspecs;
  };
  const installed = await soclabKernel(["install", "--prefix", prefix, "--name", "typescript", "--display-name", "TypeScript é"]);
  assert.equal(installed.code, 0, installed.stderr);
  const { typescript } = list();
  assert.equal(typescript?.spec.display_name, "TypeScript é");
  assert.equal(typescript?.resource_dir, join(prefix, "share", "jupyter", "kernels", "typescript"));
  const removed = await soclabKernel(["uninstall", "--prefix", prefix, "--name", "typescript", "--json"]);
  assert.equal(JSON.parse(removed.stdout).folder, typescript.resource_dir);
  assert.equal(list().typescript, undefined);
  const again = await soclabKernel(["uninstall", "--prefix", prefix, "--name", "typescript"]);
  assert.deepEqual([again.code, again.stderr.includes("there is no kernel in")], [1, true]);
});

test("--sys-prefix is the active environment's, or that of the Python in PATH", { skip: python.skip }, async () => {
  const prefix = newFolder();
  const { VIRTUAL_ENV: _1, CONDA_PREFIX: _2, ...rest } = process.env;
  for (const variable of ["VIRTUAL_ENV", "CONDA_PREFIX"]) {
    const { stdout, code } = await soclabKernel(["install", "--sys-prefix", "--json"], { env: { ...rest, [variable]: prefix } });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).folder, join(prefix, "share", "jupyter", "kernels", "soclab"));
  }
  const gone = await soclabKernel(["install", "--sys-prefix"], { env: { ...rest, VIRTUAL_ENV: join(top, "gone") } });
  assert.deepEqual([gone.code, /VIRTUAL_ENV names .*gone, which does not exist/.test(gone.stderr)], [1, true]);
  const none = await soclabKernel(["install", "--sys-prefix"], { env: { ...rest, PATH: join(top, "nothing") } });
  assert.deepEqual([none.code, /no Python is in PATH/.test(none.stderr)], [1, true]);
});
