import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Lab, sharedNotebook } from "./lab.ts";

const lake = `import { globSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { datasetsDir, openLake, openLakeWriter, parseSource } from "soclab";
const folder = mkdtempSync(join(tmpdir(), "front-ends-"));
const writer = await openLakeWriter(folder);
for (const path of globSync(join(datasetsDir(), "zeek/*/*/conn.log*")).slice(0, 1)) {
  for await (const part of parseSource("zeek", path)) for (const batch of part.batches) await writer.append(batch);
}
await writer.commit();
await writer.close();
const lake = openLake(folder);`;

const query = "lake.sql`SELECT id_resp_ FROM conn`";

const cells = {
  types:
    "interface Host { readonly name: string; readonly alerts: number }\nconst hosts: Host[] = [];\nconst host = { name: 'a', alerts: 3 } as Host;",
  member: "host.",
  method: "hosts.fil",
  documented: "/** The share of hosts that were seen. */\nfunction share(seen: number, all: number): number {\n  return seen / all;\n}",
  called: "share(",
  lake,
  tableName: 'lake.table("',
  table: 'const conn = lake.table("conn");',
  misspelled: 'conn.select("ip_src_adr");',
  column: 'conn.select("ip_',
  query,
};

/** What an editor does while a cell is written. */
export function typingSuite(lab: () => Lab): void {
  describe("writing cells", () => {
    const notebook = sharedNotebook(lab, cells);

    it("TypeScript's own words are coloured", async () => {
      const words = notebook().editor("types").locator(".cm-line span");
      for (const word of ["interface", "readonly", "const", "as"]) await words.getByText(word, { exact: true }).first().waitFor();
    });

    it("Tab lists an object's members, narrows the list while one types, and puts the chosen one in", async () => {
      await notebook().run("types");
      assert.deepEqual(await notebook().completions("member"), ["alerts", "name"]);
      await lab().page.keyboard.type("na");
      await notebook().completer().filter({ hasNotText: "alerts" }).waitFor();
      await lab().page.keyboard.press("Enter");
      assert.equal(await notebook().editor("member").textContent(), "host.name");
      const methods = await notebook().completions("method");
      assert.deepEqual(methods.slice(0, 2), ["fill", "filter"]);
      await lab().page.keyboard.press("Escape");
    });

    it("Shift+Tab shows the signature and the documentation of what stands before the cursor", async () => {
      await notebook().run("documented");
      const tooltip = await notebook().tooltip("called");
      assert.match(tooltip, /share\(seen: number, all: number\): number/);
      assert.match(tooltip, /The share of hosts that were seen\./);
      await lab().picture("tooltip");
      await lab().page.keyboard.press("Escape");
    });

    it("Tab lists the tables of a lake and the columns that its data has; a misspelled column is red", async () => {
      await notebook().run("lake");
      assert.ok((await notebook().completions("tableName")).includes("conn"));
      await lab().page.keyboard.press("Escape");
      await notebook().run("table");
      await notebook().run("misspelled");
      const place = `(cell ${await notebook().count("misspelled")}, line 1, column 13)`;
      const error = await notebook().text("misspelled");
      assert.match(error, /^TS\d+: .*"ip_src_adr".*Did you mean .*ip_src_addr/s);
      assert.ok(error.includes(place), error);
      const inSql = await notebook().completions("query", query.indexOf(" FROM"));
      assert.deepEqual(inSql.slice(0, 2), ["id_resp_h", "id_resp_p"]);
      await lab().page.keyboard.press("Escape");
      const columns = await notebook().completions("column");
      assert.deepEqual(columns.slice(0, 4), ["ip_dst_addr", "ip_dst_port", "ip_src_addr", "ip_src_port"]);
      await lab().picture("columns");
      await lab().page.keyboard.press("Escape");
    });
  });
}
