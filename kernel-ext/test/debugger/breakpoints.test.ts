import assert from "node:assert/strict";
import { test } from "node:test";
import { debuggee } from "./debug-client.ts";

test("a breakpoint of a cell that has not run stops it there, with its variables", async (context) => {
  const client = await debuggee(context);
  await client.attach();
  const source = "const a: number = 1;\nlet b = a + 1;\nb += 40;\nb";
  assert.deepEqual(await client.breakpoints(source, 3), [3]);
  const done = client.run(source);
  const { reason, at, frames } = await client.stopped();
  assert.equal(reason, "breakpoint");
  assert.deepEqual(at, ["cell-1:3"]);
  const { sourcePath } = await client.request<{ sourcePath: string }>("dumpCell", { code: source });
  assert.equal(frames[0]?.source.path, sourcePath);
  const { Globals = [] } = await client.scopes();
  assert.deepEqual(
    Globals.map(({ name, value, type }) => [name, value, type]),
    [
      ["a", "1", "number"],
      ["b", "2", "number"],
    ],
  );
  await client.continue();
  assert.equal(await done, "42");
});
