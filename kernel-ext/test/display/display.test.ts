import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { clearOutput, display, displayBundle, displaySymbol } from "../../src/index.ts";
import { recorded } from "./recorder.ts";

test("a value is shown at once, before display returns", async () => {
  const { shown } = await recorded(({ shown }) => {
    display([{ a: 1 }]);
    assert.equal(shown.length, 1);
  });
  assert.deepEqual(Object.keys(shown[0]?.bundle ?? {}), ["text/plain", "text/html"]);
});

test("awaited, an asynchronous value is shown", async () => {
  const recorder = await recorded(() => display({ [displaySymbol]: async () => ({ "text/plain": "late" }) }));
  assert.deepEqual(recorder.texts(), ["late"]);
});

test("a handle changes its output; as a result it shows nothing", async () => {
  const { shown } = await recorded(async () => {
    const handle = display(1, { displayId: "x", metadata: { m: 1 } });
    handle.update(2);
    (await handle).update(3);
    assert.deepEqual(await displayBundle(handle), {});
    assert.deepEqual(await displayBundle(await handle), {});
  });
  assert.deepEqual(shown, [
    { kind: "display", bundle: { "text/plain": "1" }, options: { displayId: "x", metadata: { m: 1 } } },
    { kind: "update", displayId: "x", bundle: { "text/plain": "2" }, options: {} },
    { kind: "update", displayId: "x", bundle: { "text/plain": "3" }, options: {} },
  ]);
});

test("outputs without an id of their own have different ones", async () => {
  await recorded(() => assert.notEqual(display(1).displayId, display(1).displayId));
});

test("a ready bundle is shown as it is, made storable; another value is refused", async () => {
  const { shown } = await recorded(() => display({ "text/html": "<b>x</b>", "application/json": { n: Number.NaN } }, { raw: true }));
  assert.deepEqual(shown[0]?.bundle, { "text/html": "<b>x</b>", "application/json": { n: null } });
  await recorded(() => {
    assert.throws(() => display("x", { raw: true }), /raw gave string, not a MIME bundle/);
    assert.throws(() => display({ html: "x" }, { raw: true }), /gave "html", which is no MIME type/);
    assert.throws(() => display(1, { update: true }), /needs the displayId/);
  });
});

test("everything is shown with all", async () => {
  const recorder = await recorded(() => display("x".repeat(20_000), { all: true }));
  assert.equal(recorder.texts()[0]?.length, 20_002);
});

test("outputs can be cleared, at once or with the next one", async () => {
  const { shown } = await recorded(() => {
    clearOutput();
    clearOutput({ wait: true });
  });
  assert.deepEqual(shown, [
    { kind: "clear", options: {} },
    { kind: "clear", options: { wait: true } },
  ]);
});

test("outside a kernel, the text is printed", () => {
  const code =
    'import { display, clearOutput, progress } from "./src/index.ts"; display({ a: 1 }); clearOutput(); for (const n of progress([1, 2], { label: "go" })) n;';
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: `${import.meta.dirname}/../..`,
    encoding: "utf8",
    stdio: "pipe",
  });
  assert.equal(printed, "{ a: 1 }\n");
});
