import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, test } from "node:test";
import { service } from "../../../test/services.ts";
import type { Examination, Finding } from "../../src/install/examine.ts";
import { installKernel } from "../../src/install/install-kernel.ts";
import { soclabKernel } from "../cli/soclab-kernel.ts";

const python = service("python", ["jupyter_client", "nbclient"]);
const home = mkdtempSync(join(tmpdir(), "kernel-doctor-"));
after(() => rmSync(home, { recursive: true, force: true }));

const { VIRTUAL_ENV: _1, CONDA_PREFIX: _2, JUPYTER_PATH: _3, JUPYTER_DATA_DIR: _4, XDG_DATA_HOME: _5, ...rest } = process.env;
const env = { ...rest, HOME: home, USERPROFILE: home, JUPYTER_DATA_DIR: join(home, "data"), PATH: join(home, "bin") };

async function doctor(variables: NodeJS.ProcessEnv = {}): Promise<Examination> {
  const { stdout } = await soclabKernel(["doctor", "--json"], { env: { ...env, ...variables } });
  return JSON.parse(stdout);
}
const about = ({ findings }: Examination, room: Finding["about"]) => findings.filter((finding) => finding.about === room);

test("a machine without a kernel is told how to install it, and that the kernel itself works", async () => {
  const examination = await doctor();
  assert.equal(examination.isWell, false);
  assert.deepEqual(about(examination, "kernel"), [
    { status: "wrong", about: "kernel", message: "the kernel is not installed for any Jupyter", hint: "Run `soclab-kernel install`." },
  ]);
  assert.equal(about(examination, "jupyter")[0]?.status, "note");
  assert.equal(examination.measure.works, true);
});

test("an install that a Jupyter sees is well, with times and memory", { skip: python.skip }, async () => {
  const { folder } = installKernel({ dataFolder: join(home, "data") });
  const variables = { PATH: [dirname(python.path), join(home, "bin")].join(delimiter) };
  const examination = await doctor(variables);
  assert.equal(examination.isWell, true, JSON.stringify(examination.findings));
  assert.ok(examination.jupyters.some(({ kernelFolders }) => kernelFolders?.includes(dirname(folder))));
  assert.ok(examination.measure.works && examination.measure.startMs > 0 && (examination.measure.memoryBytes ?? 0) > 1e7);
  const text = await soclabKernel(["doctor"], { env: { ...env, ...variables } });
  assert.equal(text.code, 0);
  assert.match(text.stdout, /✓ a kernel was started: answers after \d+ ms, first cell \d+ ms, then [\d.]+ ms, \d+ MB\nAll is well\./);
});

test("what a Jupyter does not see is said, with the command that mends it", { skip: python.skip }, async () => {
  const prefix = join(home, "elsewhere");
  installKernel({ dataFolder: join(prefix, "share", "jupyter") });
  // This Jupyter looks into its own environment and into an empty user folder.
  const variables = { PATH: dirname(python.path), JUPYTER_DATA_DIR: join(home, "empty"), CONDA_PREFIX: prefix };
  const examination = await doctor(variables);
  const finding = about(examination, "jupyter").find(({ status }) => status === "wrong");
  assert.match(String(finding?.message), /does not see the kernel/);
  assert.match(String(finding?.hint), /soclab-kernel install --prefix /);
});

test("paths that are gone, broken specs and twins are found", async () => {
  const data = join(home, "broken");
  const spoil = (name: string, change: (argv: string[]) => string[]) => {
    const { folder } = installKernel({ dataFolder: data, name });
    const spec: { argv: string[] } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
    writeFileSync(join(folder, "kernel.json"), JSON.stringify({ ...spec, argv: change(spec.argv) }));
  };
  spoil("no-node", (argv) => [join(home, "gone"), ...argv.slice(1)]);
  spoil("no-program", (argv) => argv.map((word) => (word.endsWith(".mjs") ? join(home, "gone.mjs") : word)));
  installKernel({ dataFolder: data, name: "well" });
  installKernel({ dataFolder: join(home, "other"), name: "well" });
  mkdirSync(join(data, "kernels", "others"), { recursive: true });
  writeFileSync(join(data, "kernels", "others", "kernel.json"), "{");
  const examination = await doctor({ JUPYTER_DATA_DIR: data, JUPYTER_PATH: join(home, "other") });
  const messages = about(examination, "kernel").map(({ status, message }) => `${status} ${message.replaceAll(home, "")}`);
  assert.deepEqual(messages.map((message) => message.replaceAll("\\", "/")).sort(), [
    "note well in /broken/kernels/well: /other/kernels/well has the same name and comes first in some Jupyters",
    "ok well in /other/kernels/well: TypeScript (soclab)",
    "wrong no-node in /broken/kernels/no-node: its Node, /gone, is gone",
    "wrong no-program in /broken/kernels/no-program: the program it starts, /gone.mjs, is gone",
  ]);
  assert.equal(examination.isWell, false);
});
