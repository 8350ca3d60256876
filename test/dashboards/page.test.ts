import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { SoclabError } from "../../src/core/index.ts";
import { publish, renderDashboard } from "../../src/dashboards/index.ts";
import { emptyDashboard, hostile, hostileDashboard, sampleDashboard } from "./sample.ts";

const root = mkdtempSync(join(tmpdir(), "soclab-dashboards-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** The page without the inside of its scripts that run and its style. */
function markup(page: string): string {
  return page.replace(/(<script>)[\s\S]*?(<\/script>)/g, "$1$2").replace(/(<style[^>]*>)[\s\S]*?(<\/style>)/g, "$1$2");
}

describe("the page", () => {
  it("allows exactly the scripts and the style that it holds, and no request", () => {
    const page = renderDashboard(sampleDashboard());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll("&#39;", "'") ?? "";
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1]!);
    const [style] = [...page.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((match) => match[1]!);
    assert.equal(scripts.length, 2);
    for (const text of [...scripts, style!]) {
      assert.ok(policy.includes(`'sha256-${createHash("sha256").update(text).digest("base64")}'`));
    }
    assert.doesNotMatch(markup(page), /\s(src|srcset|style|on\w+)=|<link[^>]+href="(?!data:)/, "no reference, inline style or handler");
  });

  it("is the same bytes for the same data", () => {
    assert.equal(renderDashboard(sampleDashboard()), renderDashboard(sampleDashboard()));
  });

  it("lets no text of the data become markup", () => {
    const page = renderDashboard(hostileDashboard());
    const tags = (text: string) => [...markup(text).matchAll(/<\/?[a-zA-Z!][^\s>]*/g)].map(([tag]) => tag.toLowerCase());
    const known = new Set(tags(renderDashboard(sampleDashboard())));
    assert.deepEqual(
      [...new Set(tags(page))].filter((tag) => !known.has(tag)),
      [],
    );
    assert.ok(!page.includes("<img") && !page.includes("onerror=window.hacked=1>"));
    assert.ok(!page.includes("\u202e") && !page.includes("\u0000"), "no direction override, no NUL");
    for (const [, json] of page.matchAll(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g)) {
      assert.doesNotThrow(() => JSON.parse(json!));
      assert.doesNotMatch(json!, /[<>&]/);
    }
    assert.ok(hostile.length > 0);
  });

  it("has its landmarks, one first heading, and headings that skip no level", () => {
    const page = markup(renderDashboard(sampleDashboard()));
    for (const landmark of ["<header>", '<main id="main"', "<footer>", '<nav aria-label="Sections">', 'class="skip" href="#main"']) {
      assert.ok(page.includes(landmark), landmark);
    }
    const levels = [...page.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.reduce((before, level) => {
      assert.ok(level <= before + 1);
      return level;
    }, 0);
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
    assert.equal(new Set(ids).size, ids.length, "ids are unique");
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) assert.ok(ids.includes(target), `#${target} exists`);
  });

  it("gives each plot a sentence and a table with a caption and scoped heads", () => {
    const page = markup(renderDashboard(sampleDashboard()));
    const plots = [...page.matchAll(/<div class="plot"[^>]*aria-describedby="([^"]*)"/g)];
    assert.equal(plots.length, 6);
    for (const [, id] of plots) assert.match(page, new RegExp(`<p class="summary" id="${id}">[^<]{20,}`));
    assert.equal([...page.matchAll(/<details>/g)].length, 6);
    for (const [table] of page.matchAll(/<table[\s\S]*?<\/table>/g)) {
      assert.match(table, /<caption/);
      assert.doesNotMatch(table, /<th(?![^>]*scope=)[\s>]/);
    }
  });

  it("says what is missing instead of drawing nothing", () => {
    const page = markup(renderDashboard(emptyDashboard()));
    for (const sentence of [
      "No alert was raised",
      "Nothing was measured",
      "no HTTP request",
      "No ledger was given",
      "No model was given",
    ]) {
      assert.ok(page.includes(sentence), sentence);
    }
    assert.doesNotMatch(page, /NaN|undefined|Infinity|null%/);
  });

  it("says when the ledger does not close", () => {
    const ledger = { in: 1000, scored: 900, filtered: 90, deadLetters: 7, alerts: 40, late: 0 };
    assert.match(renderDashboard(sampleDashboard({ ledger })), /does not close: 3 records are missing/);
    assert.match(renderDashboard(sampleDashboard()), /The ledger closes/);
  });
});

describe("publish", () => {
  it("writes one file and leaves no draft behind", async () => {
    const out = join(root, "deep", "report.html");
    const { path, bytes } = await publish(sampleDashboard(), out);
    assert.equal(readFileSync(path, "utf8"), renderDashboard(sampleDashboard()));
    assert.equal(readFileSync(path).length, bytes);
    assert.deepEqual(readdirSync(join(root, "deep")), ["report.html"]);
  });

  it("says that a place cannot be written", async () => {
    writeFileSync(join(root, "file"), "");
    const error = await publish(sampleDashboard(), join(root, "file", "report.html")).catch((caught: unknown) => caught);
    assert.ok(error instanceof SoclabError && error.code === "SOCLAB_IO");
  });
});
