// The sixteen colours of terminals, dark enough on white, light enough on black.
const lightAnsi = ["#24292f", "#cf222e", "#116329", "#7d4e00", "#0969da", "#8250df", "#1b7c83", "#57606a"];
const lightBright = ["#57606a", "#a40e26", "#1a7f37", "#633c01", "#218bff", "#a475f9", "#3192aa", "#6e7781"];
const darkAnsi = ["#6e7681", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4"];
const darkBright = ["#8b949e", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#f0f6fc"];

const variables = (colors: readonly string[]) => colors.map((color, index) => `--ansi-${index}:${color}`).join(";");

/** The style of an exported notebook: light or dark as the reader's system is, and for paper. */
export const pageStyle = `
:root{color-scheme:light dark;--text:#1f2328;--faint:#59636e;--page:#fff;--code:#f6f8fa;--line:#d1d9e0;--bad:#ffebe9;--key:#8250df;--string:#0a5c36;--number:#0550ae;${variables([...lightAnsi, ...lightBright])}}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--faint:#9198a1;--page:#0d1117;--code:#161b22;--line:#3d444d;--bad:#3c1618;--key:#d2a8ff;--string:#7ee787;--number:#79c0ff;${variables([...darkAnsi, ...darkBright])}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
pre,code{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{margin:.5rem 0;padding:.6rem .8rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}
:not(pre)>code{background:var(--code);padding:.1em .3em;border-radius:4px}
.cell{margin:1rem 0}
.cell>pre.code,.markdown pre{background:var(--code);border:1px solid var(--line);border-radius:6px;white-space:pre}
.count{color:var(--faint);font:.75rem ui-monospace,monospace}
.outputs{margin-left:.2rem;padding-left:.8rem;border-left:3px solid var(--line);overflow:auto;max-width:100%}
.stderr,.error{background:var(--bad);border-radius:6px}
.k{color:var(--key)}.s{color:var(--string)}.n{color:var(--number)}.c{color:var(--faint);font-style:italic}
.markdown a{color:var(--number)}
blockquote{margin:0;padding-left:1rem;border-left:3px solid var(--line);color:var(--faint)}
img,svg{max-width:100%;height:auto}
img{background:#fff}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{border:1px solid var(--line);padding:.2rem .5rem;text-align:left}
caption{caption-side:bottom;white-space:nowrap;text-align:left;color:var(--faint);padding-top:.3rem}
.formula{font-family:ui-monospace,monospace}
.figure{min-height:28rem;background:#fff}
footer{color:var(--faint);font-size:.8rem;border-top:1px solid var(--line);margin-top:2rem;padding-top:.5rem}
@media print{:root{--text:#000;--page:#fff;--code:#fff}main{max-width:none;padding:0}.outputs{overflow:visible}.cell>pre.code,.markdown pre{white-space:pre-wrap}img,.figure,tr{break-inside:avoid}h1,h2,h3{break-after:avoid}}
`.trim();
