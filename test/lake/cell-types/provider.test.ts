// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells with substitutions, as text
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Lake, openLake, openLakeWriter } from "../../../src/lake/index.ts";
import { lakeTypes } from "../../../src/lake/type-provider.ts";
import { batchOf, connections, temporaryLake } from "../fixture.ts";
import { cellOf, inserted } from "./cell.ts";

async function world(context: TestContext) {
  const directory = temporaryLake(context);
  const writer = await openLakeWriter(directory);
  await writer.append(connections(6));
  const own = { extra: ["integer", [1]], 'od"d ]; x': ["string", ["y"]] } as const;
  await writer.append(batchOf({ ts: ["timestamp", [new Date(0)]], ...own }, { feed: "own", name: "own.log" }));
  await writer.commit();
  context.after(() => writer.close());
  const lake = openLake(directory);
  context.after(() => lake.close());
  const provider = lakeTypes();
  const values: Record<string, unknown> = { lake, sql: lake.sql, folder: directory };
  const session = { directory: dirname(directory), value: (name: string) => values[name] };
  return {
    directory,
    lake,
    writer,
    values,
    provide: (source: string) => provider.provide(cellOf(source), session),
    async typed(source: string): Promise<string> {
      const { declarations, insertions, diagnostics } = await provider.provide(cellOf(source), session);
      assert.deepEqual(diagnostics, [], source);
      const declared = declarations.split("\n").map((line) => /^type (Lake_\w+) = (.*);$/.exec(line));
      return declared.reduce((text, match) => (match ? text.replaceAll(match[1]!, () => match[2]!) : text), inserted(source, insertions));
    },
    async problems(source: string): Promise<string[]> {
      const { diagnostics } = await provider.provide(cellOf(source), session);
      return diagnostics.map(({ start, end, message, code }) => `${source.slice(start, end)}: ${code} ${message}`);
    },
  };
}

test("a table has the columns that its data has, those that no feed declares among them", async (context) => {
  const { typed, lake, provide } = await world(context);
  assert.match(await typed('lake.table("conn")'), /^lake\.table<\{ .*readonly orig_bytes: "bigint"; .*\}>\("conn"\)$/);
  const own = await typed('lake.table("own").limit(1)');
  assert.match(own, /^lake\.table<\{ readonly event_id: "string"; .*\}>\("own"\)\.limit\(1\)$/);
  assert.match(own, /readonly extra: "integer"; readonly "od\\"d ]; x": "string"/);
  assert.equal(own.match(/readonly /g)?.length, Object.keys(lake.schema("own")).length);
  assert.match(await typed('lake.table("dead_letters")'), /readonly raw: "bytes"; .*readonly context: "string" \}>/);
  const twice = await provide('[lake.table("own"), lake.table("conn"), lake.table("own")]');
  assert.match(
    twice.declarations,
    /^type Lake_conn_[0-9a-f]{6} = .*\ntype Lake_own_[0-9a-f]{6} = .*$/,
    "each once, in an order of its own",
  );
  assert.deepEqual(await provide('lake.table("own"); lake.table("conn")').then(({ declarations }) => declarations), twice.declarations);
});

test("a table that is not there is a red line on its name, with the nearest one and all there are", async (context) => {
  const { problems } = await world(context);
  assert.deepEqual(await problems('const a = lake.table("cnn");'), [
    'cnn: SOCLAB_UNKNOWN_TABLE the lake has no table "cnn". Did you mean "conn"?\nIts tables are conn, own.',
  ]);
});

test("a cell that writes to a lake may name what is not there yet", async (context) => {
  const { problems } = await world(context);
  assert.deepEqual(await problems('await writer.append(batch); await writer.commit();\nlake.table("later"); lake.sql`FROM later`'), []);
});

test("a query has the columns and types that the engine will return", async (context) => {
  const { typed } = await world(context);
  const query = "SELECT id_resp_p AS port, count(*) AS n, avg(duration), [uid] AS uids, max(ts) AS last FROM conn GROUP BY ALL";
  const type =
    '<{ readonly port: "integer"; readonly n: "bigint"; readonly "avg(duration)": "double"; readonly uids: "string[]"; readonly last: "timestamp" }>';
  const aggregate = query.replace("[uid] AS uids", "list(uid) AS uids");
  for (const [before, after] of [
    [`lake.sql`, `("${aggregate}")`],
    [`lake.sql`, `\`${aggregate}\``],
    [`sql`, `\`${aggregate}\``],
  ] as const) {
    assert.equal(await typed(before + after), before + type + after);
  }
  assert.match(await typed("lake.sql`DESCRIBE conn`"), /readonly column_name: "string"/);
});

test("a tag is known by where its cell takes it from", async (context) => {
  const { typed, values } = await world(context);
  values.sql = undefined;
  const typedOne = 'sql<{ readonly one: "integer" }>`SELECT 1 AS one`';
  assert.equal(await typed("const { sql } = lake;\nsql`SELECT 1 AS one`"), `const { sql } = lake;\n${typedOne}`);
  assert.equal(await typed("const sql = lake.sql;\nsql`SELECT 1 AS one`"), `const sql = lake.sql;\n${typedOne}`);
  assert.equal(await typed("sql`SELECT 1 AS one`"), "sql`SELECT 1 AS one`");
});

test("a lake that the cell itself opens is looked at, by a literal, a variable, or a path from the notebook", async (context) => {
  const { typed, directory } = await world(context);
  const query = "lake.sql`SELECT 1 AS one`";
  const typedQuery = 'lake.sql<{ readonly one: "integer" }>`SELECT 1 AS one`';
  for (const folder of [JSON.stringify(directory), "folder", JSON.stringify(directory.slice(dirname(directory).length + 1))]) {
    const opening = `const lake = openLake(${folder});\n`;
    assert.equal(await typed(opening + query), opening + typedQuery);
  }
  const missing = 'const lake = openLake("no-such-folder");\nlake.sql`SELECT 1 AS one`; lake.table("x")';
  assert.equal(await typed(missing), missing);
  const other = "const lake = somewhere(folder);\nlake.sql`SELECT 1 AS one`";
  assert.equal(await typed(other), other);
});

test("written type arguments stay, and a text that is put together has no type", async (context) => {
  const { typed } = await world(context);
  for (const cell of ["lake.sql<X>`SELECT 1`", "lake.table<X>('own')", "lake.sql('SELECT ' + x)", "lake.table(name)", "other.table('x')"]) {
    assert.equal(await typed(cell), cell);
  }
});

test("what the engine says about a query is a red line at its place, also behind escapes, emoji and substitutions", async (context) => {
  const { problems } = await world(context);
  const nearest = 'SOCLAB_UNKNOWN_COLUMN there is no column "uidd". Did you mean "uid"?';
  for (const cell of [
    "lake.sql`SELECT uidd FROM conn`",
    "lake.sql`SELECT '\\`\\${\\n', uidd FROM conn`",
    "lake.sql('SELECT \\'é\\u{1f600}\\', uidd FROM conn')",
    "lake.sql(\"SELECT '\\x41\\n\\\n', uidd FROM conn\")",
    "lake.sql`SELECT '😀\\d\\`', ${22} AS a, 'x${1}', uidd FROM conn WHERE uid = ${name}`",
  ]) {
    const found = await problems(cell.replace("'x${1}', ", ""));
    assert.deepEqual(found, [`uidd: ${nearest}`], cell);
  }
  assert.deepEqual(await problems("lake.sql`SELECT c.uidd FROM conn c`"), [`c.uidd: ${nearest}`]);
  assert.deepEqual(await problems("sql`SELECT *\nFROM cnn`"), ['cnn: SOCLAB_UNKNOWN_TABLE there is no table "cnn". Did you mean "conn"?']);
  assert.deepEqual(await problems("sql`SELEC 1`"), ['SELEC: SOCLAB_QUERY syntax error at or near "SELEC"']);
  assert.deepEqual(await problems("sql`SELECT uid FROM conn WHERE `"), ["E: SOCLAB_QUERY syntax error at end of input"]);
  assert.match((await problems("sql`DROP VIEW conn`"))[0]!, /^DROP VIEW conn: SOCLAB_QUERY only a statement that reads.*\nUse SELECT/);
  assert.match((await problems("sql`SELECT uid + 1 FROM conn`"))[0]!, /^\+: SOCLAB_QUERY Binder Error: /);
  assert.match((await problems("sql`SELECT * FROM read_csv('/etc/passwd')`"))[0]!, /Permission Error/);
});

test("a value that is known decides a column's type, one that is not leaves it open", async (context) => {
  const { typed, values } = await world(context);
  values.port = 22;
  values.host = "10.0.0.1";
  const typeOf = async (cell: string) => /<(.*)>/s.exec(await typed(cell))?.[1];
  assert.equal(
    await typeOf("sql`SELECT uid FROM conn WHERE id_resp_p = ${port} AND id_orig_h = ${f(x)} LIMIT ${n}`"),
    '{ readonly uid: "string" }',
  );
  assert.equal(
    await typeOf("sql`SELECT ${port} AS a, ${host} AS b, ${2.5} AS c, ${true} AS d, ${'x'} AS e, ${7n} AS f`"),
    '{ readonly a: "integer"; readonly b: "string"; readonly c: "double"; readonly d: "boolean"; readonly e: "string"; readonly f: "bigint" }',
  );
  const open = await typeOf("sql`SELECT ${f()} AS a, uid FROM conn`");
  assert.match(open ?? "", /^\{ readonly a: "string" \| "double" .*; readonly uid: "string" \}$/);
  assert.match(
    (await typeOf("const port = f();\nsql`SELECT ${port} AS a`")) ?? "",
    /^\{ readonly a: "string" \|/,
    "the old value is not the new one",
  );
  assert.match((await typeOf("lake.sql('SELECT $1 AS a, uid FROM conn', values)")) ?? "", /readonly uid: "string" \}$/);
});

test("types follow the data: a commit changes them, and nothing is asked twice until then", async (context) => {
  const { typed, writer, lake, problems } = await world(context);
  assert.equal((await problems("sql`SELECT later FROM own`")).length, 1);
  const first = await typed('lake.table("own")');
  const asked: string[] = [];
  const sql = lake.sql;
  const counted = (text: string) => {
    asked.push(text);
    return sql(text);
  };
  Object.defineProperty(lake, "sql", { value: counted });
  await typed("lake.sql`SELECT extra FROM own`");
  await typed("lake.sql`SELECT extra FROM own`");
  assert.equal(asked.length, 1);
  await writer.append(
    batchOf({ ts: ["timestamp", [new Date(1)]], extra: ["double", [1.5]], later: ["string", ["z"]] }, { feed: "own", first: 1 }),
  );
  await writer.commit();
  assert.match(await typed("lake.sql`SELECT extra FROM own`"), /readonly extra: "double"/);
  assert.equal((await problems("lake.sql`SELECT later FROM own`")).length, 0);
  assert.notEqual(await typed('lake.table("own")'), first);
});

test("a closed lake, a damaged one and strangers under its name give no types and no error", async (context) => {
  const { typed, lake, values, directory } = await world(context);
  await lake.close();
  const cell = "lake.sql`SELECT 1 AS one`; sql`SELECT 1 AS one`";
  assert.equal(await typed(cell), cell);
  for (const stranger of [null, 1, "lake", {}, () => 1, { [Symbol.for("soclab.lake")]: {} }]) {
    values.lake = values.sql = stranger;
    assert.equal(await typed(`${cell}; lake.table("x")`), `${cell}; lake.table("x")`);
  }
  mkdirSync(join(directory, "_commits", "000000000009.json"));
  values.lake = openLake(directory) satisfies Lake;
  assert.equal(await typed('lake.table("conn")'), 'lake.table("conn")');
  assert.equal(await typed("lake.sql`SELECT 1 AS one`"), "lake.sql`SELECT 1 AS one`");
});
