import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { type KernelSpec, type LaunchedKernel, launchKernel } from "../../kernel-ext/src/client/index.ts";
import { openLakeWriter } from "../../src/lake/index.ts";
import { connections } from "../lake/fixture.ts";
import { root } from "../meta/repository.ts";
import { service } from "../services.ts";

const deno = service("deno");
const tslab = service("tslab");
const isSkipped = deno.skip && tslab.skip;

const project = mkdtempSync(join(tmpdir(), "soclab-kernels-"));
const lake = join(project, "lake");
after(() => rmSync(project, { recursive: true }));

before(async () => {
  if (isSkipped) return;
  execFileSync(process.execPath, ["scripts/run.mjs", "build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  // As `npm install soclab` would leave it.
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module", dependencies: { soclab: "*" } }));
  mkdirSync(join(project, "node_modules"));
  symlinkSync(root, join(project, "node_modules", "soclab"), "junction");
  const writer = await openLakeWriter(lake);
  await writer.append(connections(1200));
  await writer.commit();
  await writer.close();
});

async function started(spec: KernelSpec, env: Record<string, string> = {}): Promise<LaunchedKernel> {
  return launchKernel({ spec, cwd: project, env, timeoutMs: 60_000 });
}

/** Runs a cell to its first output in HTML. Deno sends outputs after the cell's `idle`, so that is not what is waited for. */
async function htmlOf(kernel: LaunchedKernel, code: string): Promise<string> {
  const html = Promise.withResolvers<string>();
  const seen: unknown[] = [];
  const stop = kernel.onMessage(({ header, content }) => {
    seen.push([header.msg_type, content]);
    const { data } = content;
    if (typeof data === "object" && data !== null && "text/html" in data) html.resolve(String(data["text/html"]));
    if (header.msg_type === "error" || content.status === "error") html.reject(new Error(JSON.stringify(content)));
  });
  const timer = setTimeout(() => html.reject(new Error(`no HTML came: ${JSON.stringify(seen).slice(0, 5000)}`)), 60_000);
  try {
    const [found] = await Promise.all([html.promise, kernel.execute(code)]);
    return found;
  } finally {
    clearTimeout(timer);
    stop();
  }
}

const query = 'SELECT id_resp_p AS port, count(*) AS "<n>" FROM conn GROUP BY ALL ORDER BY port';

function assertTables(table: string, result: string): void {
  assert.match(table, /^<div class="soclab-table"><p>1,200 rows × 2 columns<\/p>[\s\S]*>C0<\/td>[\s\S]*1,190 more rows/);
  assert.match(result, /3 rows × 2 columns[\s\S]*&lt;n&gt;[\s\S]*>22<\/td><td[^>]*>400<\/td>/);
}

test("Deno's kernel shows tables and SQL results by itself", { skip: deno.skip }, async () => {
  const argv = [deno.path, "jupyter", "--kernel", "--conn", "{connection_file}"];
  const env = { DENO_DIR: join(project, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  await using kernel = await started({ argv, interrupt_mode: "message" }, env);
  const table = await htmlOf(
    kernel,
    `import { openLake } from "soclab";\nconst lake = openLake(${JSON.stringify(lake)});\nlake.table("conn").select("uid", "id_resp_p").orderBy("uid")`,
  );
  assertTables(table, await htmlOf(kernel, `lake.sql\`${query}\``));
});

test("tslab's kernel shows them through its own display call, and types them", { skip: tslab.skip }, async () => {
  symlinkSync(dirname(dirname(tslab.path)), join(project, "node_modules", "tslab"), "junction");
  await using kernel = await started({ argv: [process.execPath, tslab.path, "kernel", "--config-path", "{connection_file}"] });
  const opened = `import { openLake } from "soclab";\nimport * as tslab from "tslab";\nconst lake = openLake(${JSON.stringify(lake)});\n`;
  const table = await htmlOf(
    kernel,
    `${opened}tslab.display.html(await lake.table("conn").select("uid", "id_resp_p").orderBy("uid").toHtml());`,
  );
  assertTables(table, await htmlOf(kernel, `tslab.display.html(await lake.sql\`${query}\`.toHtml());`));
  const { outputs } = await kernel.execute('lake.table("conn").select("uidd")');
  assert.match(JSON.stringify(outputs), /uidd/);
});
