import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Lab } from "./lab.ts";

const lake = `import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { datasetsDir, openLake, openLakeWriter, parseSource } from "soclab";
import { globSync } from "node:fs";
const folder = mkdtempSync(join(tmpdir(), "front-ends-"));
const writer = await openLakeWriter(folder);
for (const path of globSync(join(datasetsDir(), "zeek/*/*/conn.log*")).slice(0, 1)) {
  for await (const part of parseSource("zeek", path)) for (const batch of part.batches) await writer.append(batch);
}
await writer.commit();
await writer.close();
const lake = openLake(folder);`;

/** What an editor does while a cell is written. */
export function typingSuite(lab: () => Lab): void {
  describe("writing cells", () => {
    it("TypeScript's own words and types are coloured", async () => {
      await lab().withNotebook(["interface Host { readonly name: string }\nconst host = 1 as unknown;"], async (notebook) => {
        for (const word of ["interface", "readonly", "const", "as"])
          await notebook.editor(0).locator(".cm-line span").getByText(word, { exact: true }).waitFor();
      });
    });

    it("Tab lists an object's members, narrows the list while one types, and puts the chosen one in", async () => {
      const cells = [
        "interface Host { name: string; alerts: number }\nconst hosts: Host[] = [];\nconst host: Host = { name: 'a', alerts: 3 };",
        "host.",
        "hosts.fil",
      ];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        assert.deepEqual(await notebook.completions(1), ["alerts", "name"]);
        await lab().picture("completion");
        await lab().page.keyboard.type("na");
        await notebook.completer().filter({ hasNotText: "alerts" }).waitFor();
        await lab().page.keyboard.press("Enter");
        assert.equal(await notebook.editor(1).textContent(), "host.name");
        const methods = await notebook.completions(2);
        assert.deepEqual(methods.slice(0, 2), ["fill", "filter"]);
      });
    });

    it("Tab lists the tables of a lake and the columns that its data has; a misspelled column is red", async () => {
      const cells = [
        lake,
        'lake.table("',
        'const conn = lake.table("conn");',
        'conn.select("ip_',
        'conn.select("ip_src_adr");',
        "lake.sql`SELECT id_resp_ FROM conn`",
      ];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        assert.ok((await notebook.completions(1)).includes("conn"));
        await notebook.run(2);
        const columns = await notebook.completions(3);
        assert.deepEqual(columns.slice(0, 4), ["ip_dst_addr", "ip_dst_port", "ip_src_addr", "ip_src_port"]);
        await lab().picture("columns");
        await notebook.run(4);
        assert.match(await notebook.text(4), /^TS\d+: .*"ip_src_adr".*Did you mean .*ip_src_addr.*line 1, column 13/s);
        const inSql = await notebook.completions(5, "lake.sql`SELECT id_resp_".length);
        assert.deepEqual(inSql.slice(0, 2), ["id_resp_h", "id_resp_p"]);
      });
    });

    it("Shift+Tab shows the signature and the documentation of what stands before the cursor", async () => {
      const cells = [
        "/** The share of hosts that were seen. */\nfunction share(seen: number, all: number): number {\n  return seen / all;\n}",
        "share(",
      ];
      await lab().withNotebook(cells, async (notebook) => {
        await notebook.run(0);
        const tooltip = await notebook.tooltip(1);
        assert.match(tooltip, /share\(seen: number, all: number\): number/);
        assert.match(tooltip, /The share of hosts that were seen\./);
        await lab().picture("tooltip");
      });
    });
  });
}
