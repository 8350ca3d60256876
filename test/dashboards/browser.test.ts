import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { type DashboardData, publish } from "../../src/dashboards/index.ts";
import { service } from "../services.ts";
import { lowContrast } from "./contrast.ts";
import { emptyDashboard, hostileDashboard, sampleDashboard } from "./sample.ts";

const chrome = service("chromium");

describe("the page in Chromium", { skip: chrome.skip }, () => {
  const root = mkdtempSync(join(tmpdir(), "soclab-browser-"));
  let browser: Browser;
  before(async () => {
    const flags = [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
    ];
    browser = await chromium.launch({ executablePath: chrome.path, args: flags });
  });
  after(async () => {
    await browser.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** Opens the page, and says at the end what went wrong meanwhile: messages on the console, requests. */
  async function withPage(
    data: DashboardData,
    { width = 1440, dark = false }: { width?: number; dark?: boolean },
    run: (page: Page) => Promise<void>,
  ): Promise<void> {
    const { path } = await publish(data, join(root, "page.html"));
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
    });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(`request: ${request.url()}`);
    });
    try {
      await page.goto(pathToFileURL(path).href);
      await page.waitForSelector("html[data-ready]");
      await run(page);
      assert.deepEqual(complaints, []);
    } finally {
      await page.close();
    }
  }

  for (const width of [1440, 390]) {
    for (const dark of [false, true]) {
      it(`draws every chart, fits and is readable at ${width} px, ${dark ? "dark" : "light"}`, async () => {
        await withPage(sampleDashboard(), { width, dark }, async (page) => {
          assert.equal(await page.locator(".plot .main-svg").first().isVisible(), true);
          assert.equal(await page.locator(".plot.js-plotly-plot").count(), 6);
          assert.equal(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0, "nothing sticks out");
          await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
          assert.deepEqual(await page.evaluate(lowContrast), []);
        });
      });
    }
  }

  it("runs nothing of a hostile text and shows it as text, in charts too", async () => {
    await withPage(hostileDashboard(), {}, async (page) => {
      assert.equal(await page.evaluate("window.hacked"), undefined);
      assert.equal(await page.locator("img, .plot b, .plot svg a").count(), 0);
      const ticks = await page.locator("#http-failures-plot .ytick text").allTextContents();
      assert.match(ticks.join(""), /<\/script><img src=x/);
    });
  });

  it("stands without any data", async () => {
    await withPage(emptyDashboard(), { width: 390 }, async (page) => {
      assert.equal(await page.locator(".plot").count(), 0);
      assert.equal(await page.locator(".empty").count(), 6);
    });
  });

  it("is walked by keyboard: skip link, theme, sections, then the tables", async () => {
    await withPage(sampleDashboard(), {}, async (page) => {
      const focused = async () => String(await page.evaluate("document.activeElement.textContent.trim()"));
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "Skip to the content");
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "Dark theme");
      await page.keyboard.press("Enter");
      assert.equal(await focused(), "Light theme");
      assert.equal(await page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(15, 20, 27)");
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "Trust");
      for (let stop = 0; stop < 10; stop++) await page.keyboard.press("Tab");
      assert.equal(await focused(), "Numbers of this chart as a table");
      assert.notEqual(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none", "focus is visible");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.getAttribute('role')"), "region", "a table that scrolls can be reached");
    });
  });

  it("sorts the alerts from the column heads, and says so", async () => {
    await withPage(sampleDashboard(), {}, async (page) => {
      const times = () => page.locator("#alert-table tbody td.time").allTextContents();
      const before = await times();
      await page.locator('th[data-key="time"] button').press("Enter");
      assert.deepEqual(await times(), before.toSorted());
      await page.locator('th[data-key="time"] button').press("Enter");
      assert.deepEqual(await times(), before.toSorted().reverse());
      assert.equal(await page.locator('th[data-key="time"]').getAttribute("aria-sort"), "descending");
      assert.equal(await page.locator("th[aria-sort]").count(), 1);
      assert.equal(await page.locator("#sort-status").textContent(), "Sorted by time, descending.");
    });
  });

  it("redraws its charts in the colours of the theme that is chosen", async () => {
    await withPage(sampleDashboard(), {}, async (page) => {
      const ink = () => page.evaluate('getComputedStyle(document.querySelector(".plot .xtick text")).fill');
      const light = await ink();
      await page.locator("#theme").click();
      assert.notEqual(await ink(), light);
      await page.locator("#theme").click();
      assert.equal(await ink(), light);
    });
  });
});
