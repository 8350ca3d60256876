// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells with substitutions, as text
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type LaunchedKernel, launchKernel, type NotebookOutput } from "../../../kernel-ext/src/client/index.ts";
import { openLakeWriter } from "../../../src/lake/index.ts";
import { root } from "../../meta/repository.ts";
import { batchOf, connections } from "../fixture.ts";

// Below the checkout, so that cells find `soclab` as a notebook of the checkout does.
const folder = mkdtempSync(join(root, ".soclab", "in-kernel-"));
const directory = join(folder, "lake");
let kernel: LaunchedKernel;

before(async () => {
  const writer = await openLakeWriter(directory);
  await writer.append(connections(1200));
  const own = { extra: ["integer", [1]], "two words": ["string", ["y"]] } as const;
  await writer.append(batchOf({ ts: ["timestamp", [new Date(0)]], ...own }, { feed: "own", name: "own.log" }));
  await writer.commit();
  await writer.close();
  const flags = [
    "--no-force-async-hooks-checks",
    ...(process.versions.node.startsWith("22.") ? ["--experimental-async-context-frame"] : []),
  ];
  // Node 22 cannot parse `using`: there, cells see the compiled library.
  const condition = process.versions.node.startsWith("22.") ? [] : ["--condition", "soclab-source"];
  const program = join(root, "kernel-ext", "bin", "soclab-kernel.mjs");
  const argv = [process.execPath, ...flags, program, "launch", ...condition, "--connection", "{connection_file}"];
  kernel = await launchKernel({ spec: { argv, interrupt_mode: "message" }, cwd: folder });
  await works(`import { count, openLake } from "soclab";\nconst folder = "lake";\nconst lake = openLake(folder);`);
});

after(async () => {
  await kernel?.kill();
  rmSync(folder, { recursive: true });
});

async function works(code: string): Promise<readonly NotebookOutput[]> {
  const { outputs } = await kernel.execute(code);
  const wrong = outputs.filter(({ output_type }) => output_type === "error");
  assert.deepEqual(wrong, [], code);
  return outputs;
}

async function text(code: string): Promise<string> {
  return JSON.stringify(await works(code));
}

async function refusal(code: string): Promise<string> {
  const { outputs } = await kernel.execute(code);
  const [error] = outputs;
  assert.ok(error?.output_type === "error", `${code}\n${JSON.stringify(outputs)}`);
  return error.evalue;
}

/** Providers are given a moment to answer while somebody types: what is not there by then is offered at the next key. */
async function completions(marked: string): Promise<readonly string[]> {
  for (let key = 1; ; key++) {
    const found = await completionsAt(marked);
    if (found.some((label) => label !== "") || key === 50) return found;
  }
}

async function completionsAt(marked: string): Promise<readonly string[]> {
  const code = marked.replace("|", "");
  const { content } = await kernel.request("shell", "complete_request", { code, cursor_pos: marked.indexOf("|") });
  assert.ok(Array.isArray(content.matches));
  return content.matches.map(String);
}

test("columns that only the data has are typed, and a misspelled one stops the cell before its first statement", async () => {
  await works('const extra: number | null | undefined = (await lake.table("own").rows())[0]?.extra;');
  const own = 'let hasRun = true;\nlake.table("own")';
  assert.match(await refusal(`${own}.where((c) => c.extr.eq(1));`), /^TS2551: .*ColumnExpressions<Lake_own_\w+>'\. Did you mean 'extra'/);
  assert.match(await refusal(`${own}.select("extr");`), /^TS2345: .*"extr".*Did you mean \\?"extra/);
  assert.match(await refusal("hasRun"), /TS2304|hasRun/);
  assert.match(await refusal('lake.table("ownn")'), /SOCLAB_UNKNOWN_TABLE[\s\S]*Did you mean \\?"own/);
  assert.match(await refusal('lake.table("conn").where((c) => c.id_resp_port.eq(22))'), /TS2551[\s\S]*Did you mean 'id_resp_p'/);
});

test("a query's rows have the types that the engine returns, from a tag, a call and %%sql", async () => {
  await works(
    "const port = 22;\nconst rows = await lake.sql`SELECT id_resp_p AS port, count(*) AS n FROM conn WHERE id_resp_p = ${port} GROUP BY ALL`.rows();",
  );
  assert.match(await text("const n: bigint | null | undefined = rows[0]?.n;\nString(n)"), /400/);
  assert.match(await refusal("const wrong: string | null | undefined = rows[0]?.n;"), /TS2322[\s\S]*bigint/);
  assert.match(await refusal("lake.sql`SELECT uidd FROM conn`"), /SOCLAB_UNKNOWN_COLUMN[\s\S]*Did you mean \\?"uid/);
  await works("%%sql --into states\nSELECT conn_state, count(*) AS n FROM conn GROUP BY ALL ORDER BY conn_state");
  assert.match(await text('states.map(({ conn_state, n }) => `${conn_state ?? "-"} ${(n ?? 0n) + 1n}`).join()'), /S0 601,SF 601/);
  assert.match(
    await text("%%sql\nSELECT uid FROM conn"),
    /1,200 rows × 1 column[\s\S]*soclab-table|soclab-table[\s\S]*1,200 rows × 1 column/,
  );
  assert.match(await refusal("%%sql\nSELECT uid\nFROM cnn"), /SOCLAB_UNKNOWN_TABLE/);
});

test("a lake that a cell opens and asks at once is typed as well", async () => {
  await works(
    "const other = openLake(folder);\nconst one: number | null | undefined = (await other.sql`SELECT extra FROM own`.rows())[0]?.extra;\nawait other.close();",
  );
});

test("tables and columns are completed inside the quotes", async () => {
  assert.deepEqual(await completions('lake.table("|")'), ["conn", "own"]);
  await works('const own = lake.table("own");');
  assert.ok((await completions('own.select("|")')).some((label) => label.includes("two words")));
  assert.deepEqual(await completions("own.where((c) => c.ex|)"), ["extra"]);
  assert.deepEqual(await completions("lake.sql`SELECT ex| FROM own`").then((labels) => labels.slice(0, 1)), ["extra"]);
  assert.deepEqual(await completions("lake.sql`FROM |`"), ["conn", "own"]);
  assert.deepEqual(await completions('lake.table("own").select("ex|")'), ["extra"], "in the cell that names the table");
  assert.deepEqual(await completions("const now = await lake.sql`SELECT extra AS inner_name FROM own`.rows();\nnow[0]?.inner|"), [
    "inner_name",
  ]);
});

test("a running query stops when the cell is interrupted, fifty times in a row, and variables survive", async () => {
  await works("const kept = 42;");
  const endless = "SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE a.range % 7 = b.range";
  for (let i = 0; i < 50; i++) {
    const busy = Promise.withResolvers<void>();
    const cell = kernel.execute(`console.log("busy"); await lake.sql\`${endless}\`.rows();`, {
      onPublished: ({ header }) => {
        if (header.msg_type === "stream") busy.resolve();
      },
    });
    await busy.promise;
    await kernel.interrupt();
    const { outputs } = await cell;
    assert.ok(
      outputs.some(({ output_type }) => output_type === "error"),
      JSON.stringify(outputs),
    );
  }
  assert.match(await text("[kept, await lake.table('conn').count()]"), /42, 1200/);
});
