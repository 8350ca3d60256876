import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { serveDashboard } from "../../src/dashboards/index.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-serve-"));
after(() => rm(folder, { recursive: true }));
const page = join(folder, "page.html");
await writeFile(page, "<!doctype html><title>one</title>");

/** A request with a Host of our choice, which fetch does not allow. */
function ask(url: string, options: { method?: string; path?: string; host?: string } = {}): Promise<{ status: number; body: string }> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const { method = "GET", path = "/", host = `127.0.0.1:${port}` } = options;
    const sent = request({ hostname: "127.0.0.1", port, path, method, headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject).end();
  });
}

test("the page is served as the file is now, and nothing else is", async () => {
  const served = await serveDashboard(page, 0);
  try {
    assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.match((await ask(served.url)).body, /<title>one/);
    await writeFile(page, "<!doctype html><title>two</title>");
    assert.match((await ask(served.url)).body, /<title>two/);
    assert.deepEqual(await ask(served.url, { method: "HEAD" }), { status: 200, body: "" });
    assert.equal((await ask(served.url, { path: "/../../etc/passwd" })).status, 404);
    assert.equal((await ask(served.url, { method: "POST" })).status, 405);
  } finally {
    await served.close();
  }
});

test("a request under another name is refused, so that no page elsewhere can read this one", async () => {
  const served = await serveDashboard(page, 0);
  try {
    const { status, body } = await ask(served.url, { host: "evil.example" });
    assert.equal(status, 403);
    assert.doesNotMatch(body, /doctype/);
  } finally {
    await served.close();
  }
});

test("a port that is taken is an error with a way out", async () => {
  const served = await serveDashboard(page, 0);
  try {
    await assert.rejects(serveDashboard(page, Number(new URL(served.url).port)), /SOCLAB_IO: port \d+ of 127\.0\.0\.1 cannot be used/);
  } finally {
    await served.close();
  }
});
