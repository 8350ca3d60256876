import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { columnOf } from "../../src/event/index.ts";
import { EventTable, jupyterDisplay } from "../../src/table/index.ts";
import { tables } from "./fixture.ts";

test("a notebook shows the shape, the types and the first rows, escaped", async (context) => {
  const { engine } = await tables(context);
  const table = await engine.createTable("evil", [{ name: "<b>name</b>", type: "string" }]);
  const hostile = `<script>alert(1)</script>\u001b[31m\u202e"'&`;
  await table.append([{ kind: "column", column: columnOf("string", [hostile, null, ...Array.from({ length: 1200 }, String)]) }], 1202);
  table.flush();
  const evil = EventTable.of(engine, { name: "evil", sql: "evil", columns: () => ({ "<b>name</b>": "string" }) });
  const bundle = await evil[jupyterDisplay]();
  const html = bundle["text/html"];
  assert.match(html, /1,202 rows × 1 column/);
  assert.match(html, /<small><em>string<\/em><\/small>/);
  assert.ok(html.includes("&lt;b&gt;name&lt;/b&gt;"));
  assert.ok(html.includes("&lt;script&gt;alert(1)&lt;/script&gt;\\u{1b}[31m\\u{202e}&quot;&#39;&amp;"));
  assert.ok(!html.includes("<script>") && !html.includes("\u202e"));
  assert.match(html, /null/);
  assert.match(bundle["text/plain"], /1,202 rows × 1 column\n[\s\S]*… 1,192 more rows$/);
  assert.ok(!bundle["text/plain"].includes("\u001b"));
});

test("a terminal shows an aligned table, a console the statement", async (context) => {
  const { conn } = await tables(context);
  const text = await conn.select("uid", "ts", "id_resp_p", "tags").orderBy("uid").limit(3).toText();
  assert.equal(
    text,
    [
      "3 rows × 4 columns",
      "",
      "uid     ts                       id_resp_p  tags",
      "string  timestamp                  integer  string[]",
      "C0      1970-01-01 00:00:00.000         22  [a]",
      "C1      1970-01-01 00:00:01.000         80  []",
      "C2      1970-01-01 01:00:00.000         22  [b, c]",
    ].join("\n"),
  );
  assert.equal(
    inspect(
      conn
        .where((c) => c.id_resp_p.eq(22))
        .select("uid")
        .limit(2),
    ),
    'EventTable {\n  SELECT "uid"\n  FROM "conn"\n  WHERE ("id_resp_p" = 22)\n  LIMIT 2\n}',
  );
});
