import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isSupported } from "../../scripts/run/node.mjs";
import { testCommand } from "../../scripts/run/test.mjs";
import { root } from "./repository.ts";

/** A checkout with our scripts and no dependencies, so that the real npm installs it without a registry. */
class Checkout {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "soclab-run-")));

  constructor() {
    cpSync(join(root, "scripts"), join(this.folder, "scripts"), { recursive: true });
    cpSync(join(root, ".npmrc"), join(this.folder, ".npmrc"));
    this.write("package.json", JSON.stringify({ name: "checkout", version: "1.0.0", type: "module" }));
    this.lock("1.0.0");
    this.write("src/main.ts", "export const answer: number = 42;\n");
    this.write(
      "tsconfig.json",
      JSON.stringify({
        compilerOptions: { module: "nodenext", target: "es2024", strict: true, types: [], lib: ["es5"], skipLibCheck: true, rootDir: "." },
      }),
    );
    this.write(
      "tsconfig.build.json",
      JSON.stringify({ extends: "./tsconfig.json", compilerOptions: { outDir: "dist", declaration: true }, include: ["src"] }),
    );
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  lock(version: string): void {
    const packages = { "": { name: "checkout", version } };
    this.write("package-lock.json", JSON.stringify({ name: "checkout", version, lockfileVersion: 3, requires: true, packages }));
    this.write("package.json", JSON.stringify({ name: "checkout", version, type: "module" }));
  }

  run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    // Inside a test, node's runner would take itself for a child of the outer one and run nothing.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    return spawnSync(process.execPath, ["scripts/run.mjs", ...args], { cwd: this.folder, encoding: "utf8", env });
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

test("Node 22 is supported from 22.22 on, and every Node from 24 on", () => {
  const versions = ["18.20.0", "20.20.2", "22.21.1", "22.22.0", "23.11.0", "24.0.0", "24.18.0", "26.1.0"];
  assert.deepEqual(versions.filter(isSupported), ["22.22.0", "24.0.0", "24.18.0", "26.1.0"]);
});

test("packages are installed once, and again only when the lock file has changed", () => {
  using checkout = new Checkout();
  checkout.write("bench/run.ts", 'console.log("ran", process.argv.slice(2).join(" "));\n');
  const first = checkout.run("bench", "one", "two");
  assert.match(first.stderr, /^soclab: install the packages of package-lock\.json … \d+\.\d s\n$/);
  assert.equal(first.stdout, "ran one two\n");
  const second = checkout.run("bench");
  assert.deepEqual([second.status, second.stderr], [0, ""]);
  checkout.lock("1.0.1");
  assert.match(checkout.run("bench").stderr, /install the packages/);
});

test("sources are compiled once, again when one has changed, and output without a source goes", () => {
  using checkout = new Checkout();
  checkout.write("bench/run.ts", "");
  checkout.run("bench");
  symlinkSync(join(root, "node_modules/typescript"), join(checkout.folder, "node_modules/typescript"), "junction");
  checkout.write("src/gone.ts", "export {};\n");
  assert.match(checkout.run("build").stderr, /^soclab: compile 2 sources to dist\/ … \d+\.\d s\n$/);
  assert.ok(checkout.has("dist/src/main.d.ts") && checkout.has("dist/src/gone.js"));
  assert.equal(checkout.run("build").stderr, "");
  rmSync(join(checkout.folder, "src/gone.ts"));
  assert.match(checkout.run("build").stderr, /compile 1 sources/);
  assert.ok(checkout.has("dist/src/main.js") && !checkout.has("dist/src/gone.js") && !checkout.has("dist/src/gone.d.ts"));
});

test("the kernel is compiled beside the library, into a folder of its own, and only what has changed", () => {
  using checkout = new Checkout();
  checkout.write("bench/run.ts", "");
  checkout.run("bench");
  symlinkSync(join(root, "node_modules/typescript"), join(checkout.folder, "node_modules/typescript"), "junction");
  const compilerOptions = { rootDir: "src", outDir: "dist", declaration: true };
  checkout.write("kernel-ext/tsconfig.build.json", JSON.stringify({ extends: "../tsconfig.json", compilerOptions, include: ["src"] }));
  checkout.write("kernel-ext/src/cli/main.ts", "export {};\n");
  checkout.write("kernel-ext/src/gone.ts", "export {};\n");
  assert.match(checkout.run("build").stderr, /compile 1 sources to dist\/ [\s\S]*compile 2 sources to kernel-ext\/dist\/ /);
  assert.ok(checkout.has("kernel-ext/dist/cli/main.js") && checkout.has("kernel-ext/dist/gone.d.ts"));
  rmSync(join(checkout.folder, "kernel-ext/src/gone.ts"));
  assert.match(checkout.run("build").stderr, /^soclab: compile 1 sources to kernel-ext\/dist\/ … \d+\.\d s\n$/);
  assert.ok(
    checkout.has("kernel-ext/dist/cli/main.js") && !checkout.has("kernel-ext/dist/gone.js") && !checkout.has("kernel-ext/dist/gone.d.ts"),
  );
});

test("a source that does not compile ends with the compiler's words, and is tried again", () => {
  using checkout = new Checkout();
  checkout.write("bench/run.ts", "");
  checkout.run("bench");
  symlinkSync(join(root, "node_modules/typescript"), join(checkout.folder, "node_modules/typescript"), "junction");
  checkout.write("src/main.ts", 'export const answer: number = "42";\n');
  for (let attempt = 0; attempt < 2; attempt++) {
    const { status, stderr } = checkout.run("build");
    assert.equal(status, 1);
    assert.match(stderr, /failed\nsoclab: the sources do not compile:\nsrc\/main\.ts\(1,14\): error TS2322/);
  }
});

test("a lock file that npm refuses ends with npm's words and a hint", () => {
  using checkout = new Checkout();
  checkout.write("room/package.json", JSON.stringify({ name: "room", version: "1.0.0" }));
  checkout.write("package.json", JSON.stringify({ name: "checkout", version: "1.0.0", dependencies: { room: "file:room" } }));
  const { status, stderr } = checkout.run("bench");
  assert.equal(status, 1);
  assert.match(stderr, /npm ci failed[\s\S]*package\.json and package-lock\.json disagree: run `npm install`/);
});

test("the exit code of what was run is passed on", () => {
  using checkout = new Checkout();
  checkout.write("bench/run.ts", "process.exitCode = 7;\n");
  assert.equal(checkout.run("bench").status, 7);
  assert.equal(checkout.run("fly").status, 2);
});

test("a signal is passed on, and what was run may end in its own way", {
  skip: process.platform === "win32" && "Windows has no signals",
}, async () => {
  using checkout = new Checkout();
  checkout.write("bench/run.ts", 'process.on("SIGTERM", () => process.exit(9));\nconsole.log("up");\nsetInterval(() => {}, 1000);\n');
  const child = spawn(process.execPath, ["scripts/run.mjs", "bench"], { cwd: checkout.folder, stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [9, null]);
});

test("words choose test files by their path, and flags go to node's runner", () => {
  const chosen = testCommand(["meta/run", "--test-name-pattern=signal"]);
  assert.deepEqual(chosen.slice(-2), ["--test-name-pattern=signal", "test/meta/run.test.ts"]);
  assert.ok(testCommand([]).length > 10);
  assert.throws(() => testCommand(["no-such-test"]), /no test file's path holds "no-such-test"/);
});

test("a test file that cannot be loaded is reported with what it said", () => {
  using checkout = new Checkout();
  checkout.write("test/broken.test.ts", 'throw new Error("no such thing");\n');
  checkout.write(
    "test/half.test.ts",
    'import { suite, test } from "node:test";\nsuite("all of it", { skip: "no moon" }, () => {\n  test("a", () => {});\n});\n',
  );
  const { status, stdout } = checkout.run("test");
  assert.equal(status, 1);
  assert.match(stdout, /✖ test\/broken\.test\.ts[\s\S]*Error: no such thing/);
  assert.match(stdout, /Skipped[^\n]*\n {2}no moon\n {4}test\/half\.test\.ts: all of it\n/);
  assert.match(stdout, /0 passed, 1 failed, 1 skipped/);
});
