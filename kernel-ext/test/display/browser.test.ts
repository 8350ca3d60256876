import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { service } from "../../../test/services.ts";
import { progressBundle } from "../../src/display/progress/progress-view.ts";
import { controlModule } from "../../src/display/widget/control-module.ts";
import { displayBundle, figureHtml, html, image, plot, rawHtml, svg, table } from "../../src/index.ts";
import { hostileTexts } from "./hostile-texts.ts";

const chrome = service("chromium");
const plotlyJs = readFileSync(createRequire(import.meta.url).resolve("plotly.js-dist-min/plotly.min.js"), "utf8");

/** Every form in which a text of somebody else's comes into a page. */
async function renderings(text: string): Promise<Record<string, string>> {
  const shown = async (value: unknown, mime = "text/html") => String((await displayBundle(value))[mime]);
  const figure = plot(
    [
      { x: [text, "b"], y: [1, 2], name: text, type: "bar" },
      { x: [text], y: [text], name: text },
    ],
    {
      title: text,
      xaxis: { title: { text } },
      yaxis: { title: text },
    },
  );
  return {
    table: await shown([{ [`a${text}`]: text, b: 1 }, { b: { [text]: text } }]),
    caption: String(table([1], { caption: text }).toMarkup()),
    map: await shown(new Map([[text, text]])),
    error: await shown(Object.assign(new Error(text, { cause: text }), { stack: `Error: ${text}` })),
    html: String(html`<p title="${text}" data-x=${text}>${text}</p><textarea>${text}</textarea>`),
    link: String(html`<a class="try" href="${text}" target="_self" style="color:${text}">x</a><img src="${text}">`),
    svg: String(svg`<svg xmlns="http://www.w3.org/2000/svg"><a href="${text}"><text fill="${text}">${text}</text></a></svg>`),
    progress: String(progressBundle({ label: text, count: 1, total: 2, elapsedMs: 1, status: "running" })["text/html"]),
    picture: figure.toSvg() ?? "",
    image: await shown(
      image(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>parent.hacked=20</script></svg>"), { alt: text }),
    ),
  };
}

/** Names of elements and attributes, in order: what no text may change. */
const skeleton = `(markup) => [...new DOMParser().parseFromString(markup, "text/html").body.querySelectorAll("*")]
  .map((element) => element.localName + "[" + [...element.attributes].map((one) => one.name).join() + "]").join(" ")`;

describe("in Chromium", { skip: chrome.skip }, () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    const args = [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
    ];
    browser = await chromium.launch({ executablePath: chrome.path, args });
    page = await browser.newPage();
    await page.route("https://example.org/**", (route) => route.abort());
  });
  after(() => browser.close());

  test("no text adds an element or an attribute, in any form", async () => {
    const harmless = await renderings("harmless");
    const parsed = async (markup: string) => String(await page.evaluate(`(${skeleton})(${JSON.stringify(markup)})`));
    // Where dollars or backslashes are kept from MathJax, there is a span; a label that is cut to nothing has no element.
    const withoutSpans = (names: string) => names.replaceAll(/ ?span\[class\]/g, "").replaceAll(/ ?(?:text|path)\[[^\]]*\]/g, "");
    for (const text of hostileTexts) {
      for (const [form, markup] of Object.entries(await renderings(text))) {
        assert.equal(
          withoutSpans(await parsed(markup)),
          withoutSpans(await parsed(harmless[form] ?? "")),
          `${form} of ${JSON.stringify(text)}`,
        );
      }
    }
  });

  test("no script of a text runs, and no link of one would", async () => {
    const all = (await Promise.all(hostileTexts.map(renderings))).flatMap((forms) => Object.values(forms));
    await page.setContent(`<!doctype html><meta charset="utf-8"><body>${all.join("\n")}`);
    const schemes = await page.evaluate('[...document.querySelectorAll("a.try")].map((link) => link.protocol)');
    assert.ok(Array.isArray(schemes) && schemes.length === hostileTexts.length);
    for (const scheme of schemes) assert.match(String(scheme), /^(?:about|https?|):$|^$/);
    await page.evaluate('document.querySelectorAll("*").forEach((one) => one.dispatchEvent(new MouseEvent("mouseover")))');
    assert.equal(await page.evaluate("window.hacked"), undefined);
  });

  test("plotly.js draws the figure of an exported page, and hostile text as text", async () => {
    const errors: string[] = [];
    const fresh = await browser.newPage();
    fresh.on("pageerror", (error) => errors.push(error.message));
    const figures = hostileTexts.map((text) =>
      plot(
        [
          { type: "bar", x: [text, "b"], y: [1, Number.NaN], name: text, text: [text] },
          { x: [new Date(0)], y: [2n] },
        ],
        { title: "T" },
      ),
    );
    const [first, ...rest] = figures;
    assert.ok(first);
    await fresh.setContent(
      `<!doctype html><meta charset="utf-8"><body>${figureHtml(first, { plotlyJs })}${rest.map((figure) => figureHtml(figure)).join("")}`,
    );
    await fresh.waitForFunction(`document.querySelectorAll(".js-plotly-plot .main-svg .legendtext").length >= ${hostileTexts.length}`);
    assert.deepEqual(errors, []);
    assert.equal(await fresh.evaluate("window.hacked"), undefined);
    assert.equal(
      await fresh.locator(".plotly-figure .legend a, .plotly-figure .xtick a, .plotly-figure image, .plotly-figure .bartext a").count(),
      0,
    );
    assert.match((await fresh.locator(".legendtext").allTextContents()).join(), /<script>window\.hacked=1<\/script>/);
    assert.equal(await fresh.locator(".gtitle").first().textContent(), "T");
    await fresh.close();
  });

  test("a saved figure's JSON draws the same, escaped once", async () => {
    const figure = plot({ x: ["<b>"], y: [1], type: "bar" });
    assert.equal(figureHtml(figure), figureHtml({ data: [{ x: ["&lt;b>"], y: [1], type: "bar" }] }));
  });

  test("the static picture is well-formed XML, at its size", async () => {
    for (const text of ["plain", ...hostileTexts]) {
      const picture = (await renderings(text)).picture ?? "";
      const read = await page.evaluate(
        `(() => { const root = new DOMParser().parseFromString(${JSON.stringify(picture)}, "image/svg+xml").documentElement; return [root.localName, root.getAttribute("width")]; })()`,
      );
      assert.deepEqual(read, ["svg", "700"], text);
    }
  });

  test("the controls have names, follow the model and tell it of every change", async () => {
    const fresh = await browser.newPage();
    await fresh.setContent("<!doctype html><body>");
    const mount = (kind: string, state: object) =>
      fresh.evaluate(
        `(async () => {
          const code = ${JSON.stringify(controlModule(kind))};
          const { default: { render } } = await import("data:text/javascript," + encodeURIComponent(code));
          const state = ${JSON.stringify(state)}, listeners = new Set();
          const model = { get: (name) => state[name], set(name, value) { state[name] = value; for (const one of listeners) one(); },
            save_changes() { state.saved = (state.saved ?? 0) + 1; }, on: (_, one) => listeners.add(one), off: (_, one) => listeners.delete(one) };
          const el = document.body.appendChild(document.createElement("div"));
          window.models = { ...window.models, ${kind}: model };
          window.ends = { ...window.ends, ${kind}: render({ model, el }) };
        })()`,
      );
    const state = (kind: string, name: string) => fresh.evaluate(`window.models.${kind}.get("${name}")`);
    await mount("slider", { value: 3, min: 0, max: 10, step: 1, label: "<b>level</b>", disabled: false });
    await mount("dropdown", { value: "b", options: ["a", "b", "<i>c"], label: "choice", disabled: false });
    await mount("text", { value: "", label: "name", placeholder: "who", disabled: false });
    await mount("checkbox", { value: false, label: "ok", disabled: false });
    await mount("button", { clicks: 0, label: "go", disabled: false });
    await fresh.getByRole("slider", { name: "<b>level</b>" }).press("ArrowRight");
    await fresh.getByRole("combobox", { name: "choice" }).selectOption("<i>c");
    await fresh.getByRole("textbox", { name: "name" }).fill("x");
    await fresh.getByRole("textbox", { name: "name" }).blur();
    await fresh.getByRole("checkbox", { name: "ok" }).check();
    await fresh.getByRole("button", { name: "go" }).click();
    assert.deepEqual(
      [
        await state("slider", "value"),
        await state("dropdown", "value"),
        await state("text", "value"),
        await state("checkbox", "value"),
        await state("button", "clicks"),
      ],
      [4, "<i>c", "x", true, 1],
    );
    for (const kind of ["slider", "dropdown", "text", "checkbox", "button"]) assert.equal(await state(kind, "saved"), 1, kind);
    await fresh.evaluate('window.models.slider.set("value", 7)');
    assert.equal(await fresh.getByRole("slider").inputValue(), "7");
    await fresh.evaluate('window.models.button.set("disabled", true)');
    assert.equal(await fresh.getByRole("button").isDisabled(), true);
    assert.equal(await fresh.locator("b, i").count(), 0);
    await fresh.evaluate("window.ends.slider(); window.models.slider.set('value', 1)");
    assert.equal(await fresh.getByRole("slider").inputValue(), "7", "a view that is gone follows no more");
    await fresh.close();
  });

  test("trusted HTML stays as it is", async () => {
    await page.setContent(String(html`<div>${rawHtml("<b id='mine'>x</b>")}</div>`));
    assert.equal(await page.locator("#mine").count(), 1);
  });
});
