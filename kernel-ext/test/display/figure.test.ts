import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayBundle, type Figure, figureHtml, plot, plotlyScript } from "../../src/index.ts";

const count = (svg: string | undefined, what: RegExp) => svg?.match(what)?.length ?? 0;
/** Labels and titles of the picture, without what the legend and the accessible title say. */
const labels = (figure: Figure) => [...(figure.toSvg() ?? "").matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

test("a figure is Plotly's JSON, a static picture and words, in one bundle", async () => {
  const figure = plot({ x: [1, 2], y: [3, 4], name: "hits" }, { title: "Hits", xaxis: { title: "day" } });
  const bundle = await displayBundle(figure);
  assert.deepEqual(Object.keys(bundle), ["text/plain", "application/vnd.plotly.v1+json", "image/svg+xml"]);
  assert.equal(bundle["text/plain"], "Figure “Hits” (x: day)\n  scatter “hits”: 2 values");
  assert.deepEqual(bundle["application/vnd.plotly.v1+json"], {
    data: [{ x: [1, 2], y: [3, 4], name: "hits" }],
    layout: { title: { text: "Hits" }, xaxis: { title: { text: "day" } } },
    config: {},
  });
});

test("what JSON does not know becomes what Plotly understands", () => {
  const figure = plot({ x: new Float64Array([1, Number.NaN]), y: [1n, Number.POSITIVE_INFINITY, undefined], customdata: [new Date(0)] });
  assert.deepEqual(figure.toJSON().data, [{ x: [1, null], y: [1, null, null], customdata: ["1970-01-01T00:00:00.000Z"] }]);
});

test("tags and formulas in data stay text; formatting of labels and the author's titles stay", () => {
  const figure = plot(
    { x: ["<a href='//x'>", "a&lt;b", "$a$"], y: [1, 2, 3], name: "<b>n", text: ["<b>x</b><br><a href='//x'>y</a>"] },
    {
      title: "<i>t</i> $x$",
      xaxis: { categoryarray: ["<b>"] },
    },
  );
  assert.deepEqual(figure.toJSON(), {
    data: [
      {
        x: ["&lt;a href='//x'>", "a&amp;lt;b", "&#36;a&#36;"],
        y: [1, 2, 3],
        name: "&lt;b>n",
        text: ["<b>x</b><br>&lt;a href='//x'>y&lt;/a>"],
      },
    ],
    layout: { title: { text: "<i>t</i> $x$" }, xaxis: { categoryarray: ["&lt;b>"] } },
    config: {},
  });
});

test("each kind of trace is drawn: a rectangle a bar, a path a line, boxes and cells", () => {
  assert.equal(count(plot({ type: "bar", x: ["a", "b", "c"], y: [1, -2, null] }).toSvg(), /<rect [^>]*fill="#1f77b4"/g), 2);
  assert.equal(
    count(plot({ x: [1, 2, 3], y: [1, null, 3], mode: "lines" }).toSvg(), /<path d="M[\d. ]+M[\d. ]+" fill="none" stroke="#1f77b4"/g),
    1,
  );
  assert.match(plot({ x: [1, 2], y: [1, 2], mode: "markers" }).toSvg() ?? "", /<path d="M[\d. ]+h0M[\d. ]+h0"/);
  assert.equal(
    count(
      plot({
        type: "heatmap",
        z: [
          [1, 2],
          [3, null],
        ],
      }).toSvg(),
      /<rect [^>]*width="2[\d.]+" height="[\d.]+" fill="#(?!fff")/g,
    ),
    3,
  );
  assert.equal(
    count(
      plot([
        { type: "box", y: [1, 2, 3, 4, 100] },
        { type: "box", y: [1], x: ["a"] },
      ]).toSvg(),
      /fill-opacity="0.35"/g,
    ),
    2,
  );
});

test("a histogram counts every value once", () => {
  const bars = [
    ...(
      plot({ type: "histogram", x: [1, 1, 2, 3, 3, 3, Number.NaN, null] }, { yaxis: { range: [0, 3] }, height: 400 }).toSvg() ?? ""
    ).matchAll(/<rect [^>]*height="([\d.]+)" fill="#1f77b4"/g),
  ];
  const heights = bars.map((bar) => Number(bar[1]));
  const unit = Math.min(...heights);
  assert.deepEqual(
    heights.map((height) => Math.round(height / unit)),
    [2, 1, 3],
  );
});

test("axes know numbers, logarithms, dates and categories", () => {
  assert.ok(["0", "2k", "10k"].every((label) => labels(plot({ x: [0, 10_000], y: [1, 2] })).includes(label)));
  assert.ok(
    ["1", "10", "100", "1k"].every((label) => labels(plot({ x: [1, 2], y: [1, 1000] }, { yaxis: { type: "log" } })).includes(label)),
  );
  assert.ok(labels(plot({ x: ["2022-06-10", "2022-06-14"], y: [1, 2] })).includes("2022-06-12"));
  assert.ok(labels(plot({ x: [new Date("2022-06-10T08:00Z"), new Date("2022-06-10T11:00Z")], y: [1, 2] })).includes("09:00"));
  assert.ok(labels(plot({ x: ["tcp", "udp"], y: [1, 2], type: "bar" })).includes("udp"));
  assert.ok(labels(plot({ x: [0.1, 0.3], y: [1, 2] })).includes("0.20") || labels(plot({ x: [0.1, 0.3], y: [1, 2] })).includes("0.2"));
});

test("stacked bars stand upon each other, grouped ones side by side", () => {
  const traces = [1, 2].map((value) => ({ type: "bar", x: ["a"], y: [value] }));
  const places = (barmode: "stack" | "group") =>
    [
      ...(plot(traces, { barmode, showlegend: false }).toSvg() ?? "").matchAll(
        /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="#(?:1f77b4|ff7f0e)"/g,
      ),
    ].map((bar) => bar.slice(1).map(Number));
  const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0, , height2 = 0] = []] = places("stack");
  assert.equal(x1, x2);
  assert.ok(Math.abs(y2 + height2 - y1) < 0.1);
  const [[left = 0, , width = 0] = [], [right = 0] = []] = places("group");
  assert.ok(Math.abs(left + width - right) < 0.1);
});

test("what the picture leaves out it names; a figure of nothing else has none", async () => {
  assert.match(
    plot([
      { type: "pie", values: [1] },
      { x: [1], y: [1] },
    ]).toSvg() ?? "",
    /Not in this picture: pie/,
  );
  assert.match(
    plot([
      { x: [1], y: [1], yaxis: "y2" },
      { x: [1], y: [1] },
    ]).toSvg() ?? "",
    /Not in this picture: traces on further axes/,
  );
  assert.deepEqual(Object.keys(await displayBundle(plot({ type: "pie", values: [1] }))), ["text/plain", "application/vnd.plotly.v1+json"]);
});

test("the picture of many points is bounded, and the same every time", () => {
  const many = Float64Array.from({ length: 200_000 }, (_, n) => Math.sin(n * n));
  for (const mode of ["lines", "markers"]) {
    const svg = plot({ y: many, mode }).toSvg() ?? "";
    assert.ok(svg.length < 300_000, `${mode}: ${svg.length}`);
    assert.equal(svg, plot({ y: many, mode }).toSvg());
  }
  const matrix = Array.from({ length: 500 }, (_, row) => Float64Array.from({ length: 500 }, (_, column) => row * column));
  assert.ok((plot({ type: "heatmap", z: matrix }).toSvg() ?? "").length < 1_500_000);
});

test("whatever the values, there is a picture without NaN in it", () => {
  const values = fc.array(fc.oneof(fc.double(), fc.string(), fc.constant(null), fc.date({ noInvalidDate: false }), fc.bigInt()), {
    maxLength: 30,
  });
  const type = fc.constantFrom("scatter", "bar", "histogram", "box");
  const axis = fc.record({
    type: fc.constantFrom("linear", "log", "date", "category", undefined),
    range: fc.constantFrom(undefined, [0, 0], [5, 1], ["a", null]),
  });
  fc.assert(
    fc.property(type, values, values, axis, fc.constantFrom("v", "h", undefined), (type, x, y, xaxis, orientation) => {
      const figure = plot(
        JSON.parse("[]").concat({ type, x, y, ...(orientation ? { orientation } : {}) }),
        JSON.parse(JSON.stringify({ xaxis })),
      );
      const svg = figure.toSvg() ?? "";
      assert.match(svg, /^<svg .*<\/svg>$/s);
      assert.doesNotMatch(svg.replaceAll(/>[^<]*</g, "><"), /NaN|Infinity|undefined/);
    }),
  );
});

test("a colour that is something else is not taken over", () => {
  const svg = plot({ type: "bar", x: [1, 2], y: [1, 2], marker: { color: ["url(https://example.org)", "red"] } }).toSvg() ?? "";
  assert.doesNotMatch(svg, /url/);
  assert.match(svg, /fill="red"/);
});

test("the fragment for an exported page cannot be ended by data or by plotly.js itself", () => {
  const fragment = figureHtml(plot({ x: ["</script><b>"], y: [1], hovertemplate: "</script>" }), { plotlyJs: 'x="</script><!--"' });
  assert.equal(fragment.match(/<\/script>/g)?.length, 2);
  assert.equal(plotlyScript("a</SCRIPT>b"), "<script>a<\\/SCRIPT>b</script>");
});
