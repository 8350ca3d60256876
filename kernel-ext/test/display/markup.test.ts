import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayBundle, html, latex, Markup, md, rawHtml, svg, table } from "../../src/index.ts";
import { hostileTexts } from "./hostile-texts.ts";

test("text and attributes are escaped, nothing stands for what is nothing", () => {
  assert.equal(
    String(html`<p title="${'"<&'}" id='${"'"}'>${"<b>"}${null}${undefined}${false}${0}</p>`),
    "<p title=\"&quot;&lt;&amp;\" id='&#39;'>&lt;b&gt;0</p>",
  );
});

test("markup, arrays of it and tables stay markup inside markup; elsewhere they are text", () => {
  const items = ["a<", "b"].map((one) => html`<li>${one}</li>`);
  assert.equal(String(html`<ul>${items}</ul>`), "<ul><li>a&lt;</li><li>b</li></ul>");
  assert.match(String(html`<div>${table([{ a: 1 }])}</div>`), /^<div><table .*<\/table><\/div>$/);
  assert.equal(String(html`<p title="${html`<b>x</b>`}"></p>`), '<p title="x"></p>');
  assert.equal(String(html`<title>${html`<b>x</b>`}${"</title>"}</title>`), "<title>x&lt;/title&gt;</title>");
  assert.equal(String(html`${rawHtml("<i>&amp;</i>")}`), "<i>&amp;</i>");
});

test("no record can pass itself off as markup", () => {
  const forged: unknown = JSON.parse('{"text":"<b>","toString":"<b>","toMarkup":{},"Symbol(soclab-kernel.markup)":true}');
  assert.equal(Markup.isMarkup(forged), false);
  assert.doesNotMatch(String(html`${forged}`), /<b>/);
  assert.doesNotMatch(String(html`${{ toMarkup: () => "<b>" }}`), /<b>/);
});

test("an unquoted attribute gets quotes, or is refused where it has another part", () => {
  assert.equal(String(html`<a title=${"a b"}>`), '<a title="a b">');
  assert.throws(() => html`<a title=${"a"}b>`, /put quotes around the value of title/);
  assert.throws(() => html`<a title=b${"a"}>`, /unquoted value of title/);
});

test("places where escaping saves nobody are refused", () => {
  const value = "x";
  const refused: readonly (() => unknown)[] = [
    () => html`<${value}>`,
    () => html`<a ${value}>`,
    () => html`<a ${value}="1">`,
    () => html`<script>${value}</script>`,
    () => html`<style>${value}</style>`,
    () => html`<!-- ${value} -->`,
    () => html`<a onclick="${value}">`,
    () => html`<a ONCLICK="${value}">`,
    () => html`<iframe srcdoc="${value}">`,
    () => html`</${value}>`,
    () => svg`<style>${value}</style>`,
  ];
  for (const one of refused) assert.throws(one, TypeError);
  assert.equal(String(html`1 < 2 ${value}<script>a</script>${value}`), "1 < 2 x<script>a</script>x");
});

test("an address that would run something becomes about:blank, in pieces too", () => {
  const address = (value: string) => String(html`<a href="${value}">`);
  for (const bad of [
    "javascript:alert(1)",
    " JaVa\tscript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>",
    "\u0001javascript:x",
    "data:image/svg+xml,<svg onload>",
  ]) {
    assert.equal(address(bad), '<a href="about:blank">');
  }
  for (const good of ["https://a.org/?q=a:b", "/x:y", "#javascript:x", "mailto:a@b.org", "data:image/png;base64,AA", "a/b"]) {
    assert.equal(address(good), `<a href="${good}">`);
  }
  assert.equal(String(html`<a href="${"java"}${"script:alert(1)"}">`), '<a href="java">');
  assert.equal(String(html`<a href="https://${"a.org:80/x"}">`), '<a href="https://a.org:80/x">');
});

test("a style takes one plain value", () => {
  const style = (value: unknown) => String(html`<i style="width:${value}">`);
  assert.equal(style("calc(50% - 2px)"), '<i style="width:calc(50% - 2px)">');
  assert.equal(style("1px;position:fixed"), '<i style="width:">');
  assert.equal(style("url(//x)"), '<i style="width:">');
});

test("dollars and backslashes in data are no formula", () => {
  assert.equal(String(html`<p>$5 ${"$x$"}</p>`), '<p>$5 <span class="tex2jax_ignore mathjax_ignore">$x$</span></p>');
  assert.equal(String(svg`<text>${"$x$"}</text>`), "<text>$x$</text>");
});

test("the text twin of markup is its words", async () => {
  const shown = html`<style>p{}</style><h1>A &amp; ${"<b>"}</h1><table><tr><td>1</td><td>2</td></tr></table><!-- no --><p>end`;
  assert.deepEqual((await displayBundle(shown))["text/plain"], "A & <b>\n1\t2\nend");
  assert.equal((await displayBundle(svg`<svg><text>x</text></svg>`))["text/plain"], "x");
});

test("Markdown shows a value as it reads", async () => {
  const { "text/markdown": markdown, "text/plain": text } = await displayBundle(
    md`**${"*a*"}** ${md`_b_`} ${html`<i>*c*</i>`} ${["x", 1]}`,
  );
  assert.equal(markdown, "**&#42;a&#42;** _b_ <i>&#42;c&#42;</i> x1");
  assert.equal(text, "***a*** _b_ *c* x1");
});

test("an address in Markdown runs nothing and ends where the template says", () => {
  assert.equal(String(md`[x](${"javascript:alert(1)"})`), "[x](about:blank)");
  assert.equal(String(md`[x](${"javascript&#58;alert(1)"})`), "[x](javascript&amp;#58;alert%281%29)");
  assert.equal(String(md`[x](https://a.org/${"a b)<"})`), "[x](https://a.org/a%20b%29%3C)");
  assert.equal(String(md`<a href="${"javascript:x"}">`), '<a href="about&#58;blank">');
});

test("a formula takes numbers as they are and text without effect", async () => {
  assert.equal(
    String(latex`\frac{${1}}{${2.5e-7}} ${"a_b<\\x"} ${latex`\pi`} ${Number.NaN}`),
    "\\frac{1}{2.5 \\times 10^{-7}} \\text{a}\\_\\text{b}\\lt\\backslash\\text{x} \\pi \\text{NaN}",
  );
  assert.equal((await displayBundle(latex`x`))["text/latex"], "$\\displaystyle x$");
  assert.equal((await displayBundle(latex`$x$ is ${"$"}`))["text/latex"], "$x$ is \\$");
});

test("no interpolated text appears unescaped, whatever it is", () => {
  const text = fc.oneof(fc.constantFrom(...hostileTexts), fc.string(), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.oneof(text, fc.anything()), (value) => {
      const ours = /<\/?(?:p|a|i|span)(?: class="tex2jax_ignore mathjax_ignore")?>|^<p title="|<a href="|<i style="width:|">/g;
      const written = String(html`<p title="${value}">${value}<a href="${value}"><i style="width:${value}"></i></a></p>`);
      assert.doesNotMatch(written.replaceAll(ours, ""), /[<>"']/);
      const markdown = String(md`${value}`).replaceAll(/<\/?span(?: class="tex2jax_ignore mathjax_ignore")?>/g, "");
      assert.doesNotMatch(markdown, /[<>"'*_`[\]$\\|~]|https?:/);
      assert.doesNotMatch(String(latex`${value}`).replaceAll(/\\[a-z]+|\\[{}$&#_%]/g, ""), /[<>$&#_%\\]/);
    }),
  );
});
