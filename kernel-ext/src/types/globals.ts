/** Global names of cells, which are exports of `soclab-kernel` of the same name. */
export const cellGlobals: readonly string[] = [
  ...["display", "html", "md", "svg", "latex", "json", "table", "image", "plot", "progress"],
  ...["prompt", "password", "kernel"],
];

/** The text of a declaration file for the cells' globals. `require` is declared by @types/node. */
export function globalsText(names: readonly string[] = cellGlobals): string {
  const lines = names.map((name) => `  var ${name}: typeof import("soclab-kernel").${name};`);
  return `export {};\ndeclare global {\n${lines.join("\n")}\n}\n`;
}
