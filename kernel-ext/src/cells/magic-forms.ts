import ts from "typescript";
import type { TextBuilder } from "./position-map.ts";
import { parseSource, syntaxErrors } from "./source-file.ts";

export interface LineArguments {
  readonly args: string;
  /** Where `args` starts in the cell. */
  readonly argsAt: number;
}

export interface CellArguments extends LineArguments {
  readonly source: string;
  readonly bodyStart: number;
}

type LineForm = (builder: TextBuilder, line: LineArguments) => void;
type CellForm = (builder: TextBuilder, cell: CellArguments) => void;

const quoted = (text: string): string => JSON.stringify(text);

/** `%name …` → TypeScript. What is TypeScript in it is copied, so that it is checked and completed. */
export const lineMagics: Readonly<Record<string, LineForm>> = {
  time: (builder, { args, argsAt }) => {
    if (isExpression(args))
      builder
        .insert("await kernel.time(async () => (")
        .copy(argsAt, argsAt + args.length)
        .insert("));");
    else builder.insert("kernel.timeCell(); ").copy(argsAt, argsAt + args.length);
  },
  timeit: (builder, { args, argsAt }) => {
    const { options, rest } = timeitOptions(args);
    const from = argsAt + args.length - rest.length;
    const isAsync = /\bawait\b/.test(rest) ? "async " : "";
    const [open, close] = isExpression(rest) ? ["(", ")"] : ["{ ", " }"];
    builder
      .insert(`await kernel.timeit(${isAsync}() => ${open}`)
      .copy(from, from + rest.length)
      .insert(`${close}, ${options});`);
  },
  who: (builder) => void builder.insert("kernel.who()"),
  reset: (builder, { args }) => {
    const names = words(args).filter((word) => word !== "-f");
    builder.insert(`await kernel.reset(${names.map(quoted).join(", ")});`);
  },
  load: (builder, { args }) => void builder.insert(`await kernel.load(${quoted(unquoted(args))});`),
  env: (builder, { args }) => {
    const [, name, value] = /^(\w+)(?:\s*=\s*|\s+)(.+)$/s.exec(args) ?? [];
    if (name !== undefined && value !== undefined) builder.insert(`kernel.env(${quoted(name)}, ${quoted(unquoted(value))})`);
    else builder.insert(`kernel.env(${args === "" ? "" : quoted(args)})`);
  },
  typecheck: (builder, { args, argsAt }) => {
    builder
      .insert('kernel.typecheck("')
      .copy(argsAt, argsAt + args.length)
      .insert('");');
  },
  limit: (builder, { args }) => void builder.insert(`kernel.limit(${limits(args)});`),
  memory: (builder) => void builder.insert("kernel.memory()"),
  magics: (builder) => void builder.insert("await kernel.help();"),
};

/** `%%name …` over the rest of the cell → TypeScript. */
export const cellMagics: Readonly<Record<string, CellForm>> = {
  time: (builder, { source, bodyStart }) => void builder.insert("kernel.timeCell();").copy(Math.max(0, bodyStart - 1), source.length),
  timeit: (builder, { args, source, bodyStart }) => {
    const { options } = timeitOptions(args);
    const isAsync = /\bawait\b/.test(source.slice(bodyStart)) ? "async " : "";
    builder.insert(`await kernel.timeit(${isAsync}() => {\n`).copy(bodyStart, source.length).insert(`\n}, ${options});`);
  },
  sql: (builder, { args, source, bodyStart }) => {
    const given = words(args);
    const option = (name: string): string | undefined => (given.includes(name) ? given[given.indexOf(name) + 1] : undefined);
    const into = option("--into");
    const lake = option("--lake") ?? "lake";
    builder.insert(`${into === undefined ? "" : `const ${into} = await `}${lake}.sql\`\n`);
    copyTemplate(builder, source, bodyStart);
    builder.insert(into === undefined ? "`" : `\`.rows();\n${into}`);
  },
  writefile: (builder, { args, source, bodyStart }) => {
    const given = words(args);
    const path = given.find((word) => word !== "-a" && word !== "--append") ?? "";
    const append = given.some((word) => word === "-a" || word === "--append");
    builder.insert(`await kernel.writefile(${quoted(path)}, ${quoted(source.slice(bodyStart))}, { append: ${append} });`);
  },
};

/** The text of a template, substitutions included, with what would end it escaped. */
function copyTemplate(builder: TextBuilder, source: string, start: number): void {
  let at = start;
  for (let i = start; i < source.length; i++) {
    if (source[i] === "`") {
      builder.copy(at, i).insert("\\");
      at = i;
    }
  }
  builder.copy(at, source.length);
}

function isExpression(text: string): boolean {
  const bare = text.replace(/;\s*$/, "");
  const file = parseSource(`(${bare}\n)`);
  const [only] = file.statements;
  return (
    bare.trim() !== "" &&
    text === bare &&
    file.statements.length === 1 &&
    only !== undefined &&
    ts.isExpressionStatement(only) &&
    syntaxErrors(file).length === 0
  );
}

function timeitOptions(args: string): { options: string; rest: string } {
  const options: string[] = [];
  let rest = args;
  for (let found = /^-([nr])\s*(\d+)\s*/.exec(rest); found; found = /^-([nr])\s*(\d+)\s*/.exec(rest)) {
    options.push(`${found[1] === "n" ? "number" : "repeat"}: ${Number(found[2])}`);
    rest = rest.slice(found[0].length);
  }
  return { options: `{ ${options.join(", ")} }`, rest };
}

/** `time=60 memory=2GB` → what `kernel.limit` takes. */
function limits(args: string): string {
  const fields: string[] = [];
  for (const word of words(args)) {
    const [, name, amount, unit = ""] = /^(time|memory)=([\d.]+)([a-zA-Z]*)$/.exec(word) ?? [];
    if (name === "time") fields.push(`seconds: ${Number(amount) * (unit === "m" || unit === "min" ? 60 : 1)}`);
    else if (name === "memory") fields.push(`heapBytes: ${Math.round(Number(amount) * (/^g/i.test(unit) ? 2 ** 30 : 2 ** 20))}`);
    else if (word !== "off") fields.push(`...kernel.unknownLimit(${quoted(word)})`);
  }
  return `{ ${fields.join(", ")} }`;
}

/** Words between spaces; quotes hold one together. */
function words(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/s.exec(text.trim())?.[2] ?? text.trim();
}
