import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { z } from "zod";
import { launchKernel } from "../../kernel-ext/src/client/index.ts";
import { vendorsOf } from "./architecture.ts";
import { readJson, readText, repositoryFiles, root } from "./repository.ts";

const versions = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({
  license: z.string(),
  type: z.string().optional(),
  engines: z.object({ node: z.string() }).optional(),
  bin: versions,
  files: z.array(z.string()).default([]),
  dependencies: versions,
  devDependencies: versions,
  peerDependencies: versions,
  optionalDependencies: versions,
});
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
      os: z.union([z.string(), z.array(z.string())]).optional(),
      cpu: z.union([z.string(), z.array(z.string())]).optional(),
    }),
  ),
});

const kernelSpecSchema = z.object({
  argv: z.array(z.string()),
  env: z.record(z.string(), z.string()).default({}),
  interrupt_mode: z.enum(["signal", "message"]).default("signal"),
});

const manifest = manifestSchema.parse(readJson("package.json"));
const lockFiles = ["package-lock.json", "scripts/node/package-lock.json", "scripts/peers/package-lock.json"];
const packagesOf = (lockFile: string) => Object.entries(lockSchema.parse(readJson(lockFile)).packages);
const fetched = (lockFile: string) => packagesOf(lockFile).filter(([path, entry]) => path.includes("node_modules/") && !entry.link);
const kernelManifest = manifestSchema.parse(readJson("kernel-ext/package.json"));
const sourceTree = new Map(
  repositoryFiles()
    .filter((path) => /^(src|kernel-ext\/src)\/.*\.ts$/.test(path))
    .map((path) => [path, readText(path)]),
);

test("every dependency has one exact version", () => {
  for (const path of ["package.json", "kernel-ext/package.json", "scripts/node/package.json", "scripts/peers/package.json"]) {
    const { dependencies, devDependencies, optionalDependencies } = manifestSchema.parse(readJson(path));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${path}: ${name}`);
    }
  }
});

test("the lock files name no registry, and hold a hash of every package", () => {
  for (const lockFile of lockFiles) {
    assert.ok(fetched(lockFile).length > 3, lockFile);
    for (const [path, entry] of fetched(lockFile)) {
      assert.equal(entry.resolved, undefined, `${lockFile}: ${path}`);
      assert.match(entry.integrity ?? "", /^sha512-/, `${lockFile}: ${path}`);
    }
  }
});

/** zeromq's script would build what it brings along built: the next test loads that. */
const scriptNotNeeded = new Set(["node_modules/zeromq"]);

test("no package needs an install script", () => {
  for (const lockFile of lockFiles) {
    const scripted = fetched(lockFile).filter(([path, entry]) => entry.hasInstallScript && !scriptNotNeeded.has(path));
    assert.deepEqual(scripted, [], lockFile);
  }
});

test("zeromq, whose install script is not run, loads the binary that its package carries", () => {
  const program = 'const zmq = require("zeromq"); const socket = new zmq.Router(); socket.close(); console.log(zmq.version);';
  assert.match(execFileSync(process.execPath, ["-e", program], { cwd: join(root, "kernel-ext"), encoding: "utf8" }), /^4\.\d+\.\d+\n$/);
  const built = ["darwin/arm64", "darwin/x64", "linux/arm64", "linux/x64", "win32/x64"];
  for (const platform of built) assert.ok(existsSync(join(root, "node_modules/zeromq/build", platform)), platform);
});

test("every package that is shipped with soclab has a permissive licence", () => {
  const permissive = new Set(["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "CC0-1.0"]);
  // The MPL-2.0 is libzmq's, unmodified inside zeromq's binary; it asks of us to say so and where its source is (docs/dependencies.md).
  const exceptions = new Set(["node_modules/zeromq MIT AND MPL-2.0"]);
  const others = fetched("package-lock.json").filter(
    ([path, { dev, license }]) => !dev && !permissive.has(license ?? "") && !exceptions.has(`${path} ${license}`),
  );
  assert.deepEqual(others, []);
});

test("the licence is Apache-2.0, in every manifest and in full", () => {
  assert.deepEqual([manifest.license, manifestSchema.parse(readJson("kernel-ext/package.json")).license], ["Apache-2.0", "Apache-2.0"]);
  const text = readText("LICENSE");
  assert.match(text, /Apache License\s+Version 2\.0, January 2004/);
  assert.match(text, /9\. Accepting Warranty or Additional Liability/);
});

test("the packaged Node covers Linux, macOS and Windows, in versions that soclab supports", () => {
  const [platforms, pins] = [new Set<string>(), fetched("scripts/node/package-lock.json")];
  for (const [path, { os, cpu, version }] of pins) {
    platforms.add(`${os}-${cpu}`);
    assert.match(version ?? "", /^(24\.|22\.(2[2-9]|[3-9]\d)\.)/, path);
  }
  assert.deepEqual([...platforms].sort(), ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-x64"]);
  assert.equal(manifest.engines?.node, "^22.22.0 || >=24");
});

test("the sources import declared dependencies only, and every declared one is used", () => {
  for (const [folder, { dependencies, peerDependencies }] of [
    ["src", manifest],
    ["kernel-ext/src", kernelManifest],
  ] as const) {
    const undeclared = [...vendorsOf(sourceTree, folder)].filter(
      (vendor) => !Object.hasOwn(dependencies, vendor) && !Object.hasOwn(peerDependencies, vendor),
    );
    assert.deepEqual(undeclared, [], folder);
  }
  // Data and browser packages are resolved by path, not imported.
  const everything = [...sourceTree.values()].join("\n");
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter((vendor) => !everything.includes(vendor)),
    [],
  );
  const kernel = [...sourceTree].flatMap(([path, text]) => (path.startsWith("kernel-ext/") ? [text] : [])).join("\n");
  assert.deepEqual(
    Object.keys(kernelManifest.dependencies).filter((vendor) => !kernel.includes(vendor)),
    [],
  );
});

test("what the kernel needs is installed with soclab, in the same versions", () => {
  const { dependencies } = kernelManifest;
  assert.deepEqual(
    Object.entries(dependencies).filter(([name, version]) => manifest.dependencies[name] !== version),
    [],
  );
});

test("every dependency is accounted for in docs/dependencies.md", () => {
  const page = readText("docs/dependencies.md");
  const unexplained = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([name, version]) => !page.includes(`| \`${name}\` | ${version} |`),
  );
  assert.deepEqual(unexplained, [], "lines of the form | `name` | version |");
});

test("the packed package runs, resolves and has types, and holds no tests", async (t) => {
  const scratch = mkdtempSync(join(tmpdir(), "soclab-pack-"));
  after(() => rmSync(scratch, { recursive: true, force: true }));
  const run = (program: string, args: string[], cwd = scratch) =>
    execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });

  run(process.execPath, ["scripts/run.mjs", "build"], root);
  const packed = z
    .array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }))
    .parse(JSON.parse(run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", scratch], root)))[0];
  assert.ok(packed);
  const home = join(scratch, "node_modules", "soclab");
  mkdirSync(home, { recursive: true });
  run("tar", ["-xzf", join(scratch, packed.filename), "--strip-components=1", "-C", home]);
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(scratch, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link, "junction");
  }

  await t.test("its files are the commands, the compiled library and kernel, the data sets and the papers", () => {
    const paths = packed.files.map(({ path }) => path);
    const folders = ["LICENSE", "README.md", "package.json", ...manifest.files];
    for (const path of paths)
      assert.ok(
        folders.some((folder) => path === folder || path.startsWith(`${folder}/`)),
        path,
      );
    for (const path of [
      "kernel-ext/bin/soclab-kernel.mjs",
      "kernel-ext/dist/cli/main.js",
      "kernel-ext/dist/index.d.ts",
      "kernel-ext/package.json",
    ]) {
      assert.ok(paths.includes(path), path);
    }
    assert.deepEqual(
      paths.filter((path) =>
        /(^|\/)(test|bench|scripts|node_modules|\.soclab)\/|\.test\.|(?<!\.d)\.ts$|\.sources$|tsbuildinfo$/.test(path),
      ),
      [],
    );
    const size = statSync(join(scratch, packed.filename)).size;
    assert.ok(size < 25e6, `${size} bytes packed`);
  });

  await t.test("its command answers", () => {
    const version = z.object({ version: z.string() }).parse(readJson("package.json")).version;
    assert.equal(run(process.execPath, [join(home, "bin", "soclab.mjs"), "--version"]).trim(), version);
    assert.match(run(process.execPath, [join(home, "bin", "soclab.mjs"), "--help"]), /soclab/);
  });

  await t.test("its kernel is installed from it, starts where nothing of the checkout is, and types a cell", async () => {
    const [soclab, prefix] = [join(home, "bin", "soclab.mjs"), join(scratch, "prefix")];
    run(process.execPath, [soclab, "kernel", "install", "--prefix", prefix]);
    const spec = kernelSpecSchema.parse(JSON.parse(readFileSync(join(prefix, "share/jupyter/kernels/soclab/kernel.json"), "utf8")));
    assert.ok(
      spec.argv.some((word) => word.startsWith(home)),
      spec.argv.join(" "),
    );
    assert.ok(!spec.argv.includes("soclab-source"), "a package has no sources");
    const notebooks = join(scratch, "notebooks");
    mkdirSync(notebooks, { recursive: true });
    await using kernel = await launchKernel({ spec, cwd: notebooks });
    const cell = async (code: string) => JSON.stringify((await kernel.execute(code)).outputs);
    assert.match(await cell("1 + 1"), /"text\/plain":"2"/);
    assert.match(await cell('const n: number = "x";'), /TS2322/);
    assert.match(await cell('import { openLake } from "soclab";\ntypeof openLake'), /function/);
  });

  await t.test("its library resolves and its types check in a strict project", () => {
    writeFileSync(join(scratch, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(scratch, "use.mts"),
      'import * as soclab from "soclab";\nconst names: string[] = Object.keys(soclab);\nconsole.log(names.length);\n',
    );
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck", "--types", "node"];
    run(process.execPath, [
      join(root, "node_modules/typescript/bin/tsc"),
      ...options,
      "--typeRoots",
      join(root, "node_modules/@types"),
      "use.mts",
    ]);
    assert.ok(existsSync(join(home, "dist/src/index.d.ts")));
    const count = run(process.execPath, ["--disable-warning=ExperimentalWarning", "--experimental-strip-types", "use.mts"]);
    assert.ok(Number(count) > 10, `${count} exports`);
  });
});
