/**
 * The ES module of a widget, from the function that draws it: the function's text is sent to the front end, so it sees nothing of the
 * cell around it but its arguments and its `imports`.
 *
 * @throws TypeError for a function without text, such as a bound one
 */
export function widgetModule(render: (...context: never[]) => unknown, imports = ""): string {
  const source = Function.prototype.toString.call(render);
  if (/\{\s*\[native code\]\s*\}$/.test(source))
    throw new TypeError("widget: render is native or bound code, which has no text to send; write it in place");
  const expression = isExpression(source) ? `(${source})` : `({ ${source} })[${JSON.stringify(render.name)}]`;
  return `${imports}\nexport default { render: ${expression} };\n`;
}

/** A method's text (`render() {}`) is no expression. Nothing is run to find out. */
function isExpression(source: string): boolean {
  try {
    new Function(`return (${source});`);
    return true;
  } catch {
    return false;
  }
}
