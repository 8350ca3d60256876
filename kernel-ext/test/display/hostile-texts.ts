/** What an attacker may write into a log, or a label. */
export const hostileTexts: readonly string[] = [
  "<script>window.hacked=1</script>",
  '"><img src=x onerror="window.hacked=2">',
  "'><svg onload='window.hacked=3'>",
  "</textarea></title></style></script><script>window.hacked=4</script>",
  "<!-- --><iframe srcdoc='<script>parent.hacked=5</script>'>",
  "]]><script>window.hacked=6</script>",
  "javascript:window.hacked=7",
  " java\nscript:window.hacked=8",
  "&lt;script&gt;window.hacked=9&lt;/script&gt;",
  "javascript&#58;window.hacked=10",
  "red;background:url(https://example.org/x)",
  "\u202eevil\u2028line\u2029\0nul\u001b[31mred\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007",
  "half \ud800 pair",
  "$\\href{javascript:window.hacked=11}{x}$ and \\(y\\)",
  "` onmouseover=window.hacked=12 x=`",
  "[x](javascript:window.hacked=13) ![y](https://example.org/y.png) **b** `c`\n\n# heading\n\n<b>z</b>",
];
