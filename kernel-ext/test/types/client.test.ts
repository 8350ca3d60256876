import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { startTypes, type TypesClient, TypesError, type TypesOptions } from "../../src/types/client.ts";
import { notebookFolder } from "./notebook-folder.ts";

const folder = notebookFolder();
after(folder.remove);

/** Types that grow without end, within every limit of the compiler's but time. */
const endless = `type Grow<T extends unknown[], N> = T["length"] extends N ? T : Grow<[...T, 0], N>;
type Pairs<A extends number, B extends number> = { [K in A]: { [L in B]: [K, L] } };
type Digits = 0|1|2|3|4|5|6|7|8|9;
type Text = \`\${Digits}\${Digits}\${Digits}\${Digits}\`;
declare function over<T extends Text>(x: T): { [K in Text]: { [L in Text as \`\${K}\${L}\`]: T } }[Text];
const found = over("1234"); const other: { a: typeof found } = { a: over("4321") as never as typeof found & { b: keyof typeof found } };`;

/** Four hundred unions of ten thousand texts: more than 110 MB. */
const greedy = `type D = 0|1|2|3|4|5|6|7|8|9; type N = \`\${D}\${D}\${D}\${D}\`;
${Array.from({ length: 400 }, (_, index) => `type T${index} = \`${index}-\${N}\`; const v${index}: T${index} = "${index}-1234";`).join("\n")}`;

describe("the types thread, asked from another", () => {
  let client: TypesClient | undefined;
  const start = (options: Partial<TypesOptions> = {}): TypesClient => {
    client = startTypes({ directory: folder.directory, conditions: ["soclab-source"], ...options });
    return client;
  };
  afterEach(() => client?.close());

  test("requests wait for it to load, and come back in order", async () => {
    const types = start();
    const first = types.prepare("1", "const a = 1;", "on");
    const complete = types.isComplete("if (");
    assert.deepEqual((await first).declared, ["a"]);
    assert.equal((await complete).status, "incomplete");
    types.commit("1");
    const { diagnostics, map, script } = await types.prepare("2", "a.foo", "on");
    assert.deepEqual(
      diagnostics.map(({ code, start, end }) => [code, start, end]),
      [["TS2339", 2, 5]],
    );
    assert.equal(map.toSource(script.indexOf("a.foo") + 2), 2);
    assert.ok((await types.complete("a.toF", 5)).matches.includes("toFixed"));
    assert.match((await types.inspect("a", 0, 0))?.text ?? "", /const a: 1/);
  });

  test("a worker that ran out of memory is replaced, and the cells that ran are known to the new one", async () => {
    const reasons: string[] = [];
    const types = start({ maxHeapMb: 110, limitMs: 120_000, onRestart: (reason) => reasons.push(reason) });
    for (const [index, source] of [
      "class Kept { #a = 1; b = 2 } const kept = new Kept();",
      "let gone = 1;",
      "import { readFileSync } from 'node:fs';",
    ].entries()) {
      await types.prepare(String(index), source, "on");
      types.commit(String(index));
    }
    types.forget(["gone"]);
    const { diagnostics, script } = await types.prepare("big", greedy, "on");
    assert.deepEqual(
      diagnostics.map(({ code, severity }) => [code, severity]),
      [["TYPES_RESTARTED", "warning"]],
    );
    assert.match(diagnostics[0]?.message ?? "", /was not type-checked.*ran out of memory/);
    assert.match(script, /v399/);
    assert.deepEqual(reasons, ["it ran out of memory"]);
    const next = await types.prepare("next", "const k: Kept = kept; kept.c; gone; readFileSync(true);", "on");
    assert.deepEqual(
      next.diagnostics.map(({ code }) => code),
      ["TS2339", "TS2304", "TS2345"],
    );
  });

  test("a check that takes too long is given up, and the cell runs", async () => {
    const types = start({ limitMs: 1500, maxHeapMb: 4000 });
    await types.prepare("1", "const before = 1;", "on");
    types.commit("1");
    const [slow, behind] = await Promise.all([types.prepare("2", endless, "on"), types.isComplete("a +")]);
    assert.match(slow.diagnostics[0]?.message ?? "", /took longer than 1\.5 s/);
    assert.equal(behind.status, "incomplete");
    const next = await types.prepare("3", "before.foo", "on");
    assert.deepEqual(
      next.diagnostics.map(({ code }) => code),
      ["TS2339"],
    );
  });

  test("a worker that cannot load is an error that says so", async () => {
    const types = start({ maxHeapMb: 12 });
    await assert.rejects(
      types.isComplete("1"),
      (error) => error instanceof TypesError && /does not start|stopped twice/.test(error.message),
    );
  });

  test("after close nothing is answered", async () => {
    const types = start();
    const waiting = types.isComplete("1");
    const closed = assert.rejects(waiting, /closed/);
    await types.close();
    await closed;
    await assert.rejects(types.prepare("1", "1", "on"), /closed/);
  });
});
