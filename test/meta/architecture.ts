import { builtinModules } from "node:module";
import { posix } from "node:path";
import ts from "typescript";

/** Path from the repository's top → source text. */
export type SourceTree = ReadonlyMap<string, string>;

/** The folders of `src/` in their order: each imports only faces of folders before it. */
export const layers = [
  ...["core", "event", "ingest", "enrich", "sql", "table", "lake", "features", "detectors", "models"],
  ...["alerts", "packets", "access", "scorer", "dashboards", "api", "cli"],
] as const;

const forbiddenNames = /(^|-)(utils?|helpers?|common|misc|managers?)$/;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/;

interface Source {
  readonly path: string;
  readonly imports: readonly string[];
  readonly hasDefaultExport: boolean;
}

/** Every breach of the layout in DESIGN's words, one line each, sorted. */
export function architectureViolations(tree: SourceTree): string[] {
  const sources = [...tree].map(([path, text]) => read(path, text));
  return [
    ...sources.flatMap(importViolations),
    ...sources.flatMap(nameViolations),
    ...sources.filter((source) => source.hasDefaultExport).map(({ path }) => `${path}: has a default export`),
    ...vendorViolations(sources),
    ...circles(sources).map((circle) => `circle: ${circle.join(" → ")}`),
  ].sort();
}

function read(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const imports: string[] = [];
  let hasDefaultExport = false;
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      imports.push(node.moduleSpecifier.text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments;
      if (target && ts.isStringLiteral(target)) imports.push(target.text);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      imports.push(node.argument.literal.text);
    } else if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "URL") {
      // A worker names its module as `new URL("./worker.ts", import.meta.url)`.
      const [target] = node.arguments ?? [];
      if (target && ts.isStringLiteral(target) && /^\.\.?\/.*\.[cm]?[jt]s$/.test(target.text)) imports.push(target.text);
    } else if (ts.isExportAssignment(node)) {
      hasDefaultExport = true;
    } else if (ts.isExportSpecifier(node) && node.name.text === "default") {
      hasDefaultExport = true;
    } else if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) {
      hasDefaultExport = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { path, imports, hasDefaultExport };
}

/** `"core"` for `src/core/errors.ts`, `""` for `src/index.ts`, undefined outside `src/`. */
function roomOf(path: string): string | undefined {
  const [top, ...rest] = path.split("/");
  if (top !== "src") return undefined;
  return rest.length > 1 ? rest[0] : "";
}

const isRelative = (specifier: string) => specifier.startsWith(".");
const resolve = (from: string, specifier: string) => posix.normalize(posix.join(posix.dirname(from), specifier));

function importViolations({ path, imports }: Source): string[] {
  const violations: string[] = [];
  const room = roomOf(path);
  const layer = layers.indexOf(room as (typeof layers)[number]);
  if (room && layer === -1) violations.push(`${path}: "${room}" is not a folder of the layout`);
  for (const specifier of imports) {
    if (!specifier.startsWith("node:") && builtinModules.includes(specifier)) violations.push(`${path}: write "node:${specifier}"`);
    if (path.startsWith("kernel-ext/") && /^soclab(\/|$)/.test(specifier)) violations.push(`${path}: the kernel does not know soclab`);
    if (room !== undefined && /^soclab-kernel(\/|$)/.test(specifier)) violations.push(`${path}: soclab does not know the kernel`);
    if (!isRelative(specifier)) continue;
    const target = resolve(path, specifier);
    if (path.startsWith("kernel-ext/") && !target.startsWith("kernel-ext/")) {
      violations.push(`${path}: the kernel imports nothing from outside its folder, but ${target}`);
    }
    if (room === undefined || target.startsWith(`src/${room}/`)) continue;
    const targetRoom = roomOf(target);
    if (targetRoom === undefined) {
      if (/\.[cm]?[jt]s$/.test(target)) violations.push(`${path}: src/ imports no code from outside src/, but ${target}`);
    } else if (targetRoom === "") {
      if (room !== "") violations.push(`${path}: a folder does not import ${target}`);
    } else {
      const targetLayer = layers.indexOf(targetRoom as (typeof layers)[number]);
      if (room !== "" && targetLayer >= layer) violations.push(`${path}: ${room} is below ${targetRoom} and cannot import it`);
      if (target !== `src/${targetRoom}/index.ts`) violations.push(`${path}: imports ${target}, not the face src/${targetRoom}/index.ts`);
    }
  }
  return violations;
}

function nameViolations({ path }: Source): string[] {
  const parts = path.replace(/(\.(test|bench|d))?\.[cm]?[jt]s$/, "").split("/");
  return parts.flatMap((part) => {
    if (forbiddenNames.test(part)) return [`${path}: "${part}" says nothing about what it holds`];
    return kebabCase.test(part) ? [] : [`${path}: "${part}" is not kebab-case`];
  });
}

function packageOf(specifier: string): string | undefined {
  if (isRelative(specifier) || specifier.startsWith("node:") || builtinModules.includes(specifier)) return undefined;
  const [scope = "", name = ""] = specifier.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

/** A notation for the shape of data that comes from outside, used where that data enters; not an outside system that could be exchanged. */
const notations = new Set(["zod"]);

/** One vendor, one door: an external package is imported in one folder of `src/` only. */
function vendorViolations(sources: readonly Source[]): string[] {
  const rooms = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    const room = roomOf(path);
    if (room === undefined) continue;
    for (const vendor of imports.map(packageOf)) {
      if (vendor !== undefined && !notations.has(vendor))
        rooms.set(vendor, (rooms.get(vendor) ?? new Set()).add(room === "" ? "src" : room));
    }
  }
  return [...rooms]
    .filter(([, set]) => set.size > 1)
    .map(([vendor, set]) => `${vendor} has ${set.size} doors: ${[...set].sort().join(", ")}`);
}

/** External packages that `src/` imports. */
export function vendorsOf(tree: SourceTree): Set<string> {
  const sources = [...tree].filter(([path]) => path.startsWith("src/")).map(([path, text]) => read(path, text));
  return new Set(sources.flatMap(({ imports }) => imports.map(packageOf)).filter((vendor) => vendor !== undefined));
}

/** Circles of files that import each other, each once, from its alphabetically first file on. */
function circles(sources: readonly Source[]): string[][] {
  const edges = new Map(
    sources.map(({ path, imports }) => [path, imports.filter(isRelative).map((specifier) => resolve(path, specifier))]),
  );
  const found = new Map<string, string[]>();
  const finished = new Set<string>();
  const trail: string[] = [];
  const walk = (path: string): void => {
    const at = trail.indexOf(path);
    if (at !== -1) {
      const circle = trail.slice(at);
      const first = circle.indexOf([...circle].sort()[0] ?? "");
      const turned = [...circle.slice(first), ...circle.slice(0, first)];
      found.set(turned.join(), [...turned, turned[0] ?? ""]);
      return;
    }
    if (finished.has(path)) return;
    trail.push(path);
    for (const target of edges.get(path) ?? []) if (edges.has(target)) walk(target);
    trail.pop();
    finished.add(path);
  };
  for (const path of edges.keys()) walk(path);
  return [...found.values()];
}
