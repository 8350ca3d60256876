import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { newConnection, readConnectionFile, writeConnectionFile } from "../../src/client/index.ts";

const folder = mkdtempSync(join(tmpdir(), "connection-"));
after(() => rmSync(folder, { recursive: true }));

test("a new connection has five ports of its own and a new key", async () => {
  const [one, other] = await Promise.all([newConnection(), newConnection()]);
  const ports = [one.shell_port, one.control_port, one.stdin_port, one.iopub_port, one.hb_port];
  assert.equal(new Set(ports).size, 5);
  assert.ok(ports.every((port) => port > 0));
  assert.notEqual(one.key, other.key);
});

test("a connection file is read as it was written, only by its owner, and is never overwritten", async () => {
  const path = join(folder, "kernel.json");
  const connection = await newConnection();
  writeConnectionFile(path, connection);
  assert.deepEqual({ ...readConnectionFile(path) }, { ...connection });
  if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.throws(() => writeConnectionFile(path, connection), /EEXIST/);
});

test("a file that is no connection file is named, with what is wrong", () => {
  const path = join(folder, "wrong.json");
  const ports = { shell_port: 1, control_port: 2, stdin_port: 3, iopub_port: 4, hb_port: 5 };
  for (const [text, wrong] of [
    ["{", /wrong\.json/],
    ["5", /no JSON object/],
    [JSON.stringify({ ...ports, hb_port: "5" }), /hb_port/],
    [JSON.stringify({ ...ports, hb_port: 70_000 }), /hb_port/],
    [JSON.stringify({ ...ports, transport: "pgm" }), /"pgm"/],
    [JSON.stringify({ ...ports, key: 5 }), /key/],
    [JSON.stringify({ ...ports, key: "k", signature_scheme: "hmac-md5" }), /hmac-md5/],
  ] as const) {
    writeFileSync(path, text);
    assert.throws(() => readConnectionFile(path), wrong, text);
  }
});
