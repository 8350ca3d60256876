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

/** The rooms of `kernel-ext/src/` in their order: each imports only from rooms before it. */
export const kernelRooms = [
  ...["protocol", "cells", "display", "types", "debugger", "session", "wire", "client", "notebook", "install", "cli"],
] as const;

interface Area {
  readonly folder: string;
  readonly rooms: readonly string[];
  /** Whether a room is entered through its `index.ts` only. */
  readonly hasFaces: boolean;
  /** External packages that more than one room may import, and which. */
  readonly sharedVendors: Readonly<Record<string, readonly string[]>>;
}

const areas: readonly Area[] = [
  { folder: "src", rooms: layers, hasFaces: true, sharedVendors: {} },
  // The kernel's sockets and its client's are two ends of one wire; cells are read by the compiler's parser before its checker sees them,
  // and coloured by its scanner in a notebook's page.
  {
    folder: "kernel-ext/src",
    rooms: kernelRooms,
    hasFaces: false,
    sharedVendors: { zeromq: ["wire", "client"], typescript: ["cells", "types", "notebook"] },
  },
];

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

/** `"core"` for `src/core/errors.ts`, `""` for `src/index.ts`, undefined outside the areas. */
function placeOf(path: string): { readonly area: Area; readonly room: string } | undefined {
  const area = areas.find(({ folder }) => path.startsWith(`${folder}/`));
  if (area === undefined) return undefined;
  const [room = "", ...rest] = path.slice(area.folder.length + 1).split("/");
  return { area, room: rest.length > 0 ? room : "" };
}

const isRelative = (specifier: string) => specifier.startsWith(".");
const resolve = (from: string, specifier: string) => posix.normalize(posix.join(posix.dirname(from), specifier));

function importViolations({ path, imports }: Source): string[] {
  const place = placeOf(path);
  const own = imports.flatMap((specifier) => strangerViolations(path, specifier));
  if (place === undefined) return own;
  const { area, room } = place;
  if (room !== "" && !area.rooms.includes(room)) own.unshift(`${path}: "${room}" is not a folder of the layout`);
  return [...own, ...imports.filter(isRelative).flatMap((specifier) => roomViolations(path, area, room, resolve(path, specifier)))];
}

function strangerViolations(path: string, specifier: string): string[] {
  const violations: string[] = [];
  const isKernel = path.startsWith("kernel-ext/");
  if (!specifier.startsWith("node:") && builtinModules.includes(specifier)) violations.push(`${path}: write "node:${specifier}"`);
  if (isKernel && /^soclab(\/|$)/.test(specifier)) violations.push(`${path}: the kernel does not know soclab`);
  if (path.startsWith("src/") && /^soclab-kernel(\/|$)/.test(specifier)) violations.push(`${path}: soclab does not know the kernel`);
  const target = isRelative(specifier) ? resolve(path, specifier) : undefined;
  // Which real components are on this machine, its tests ask where all tests do.
  const isAllowed = target?.startsWith("kernel-ext/") || (path.startsWith("kernel-ext/test/") && target === "test/services.ts");
  if (isKernel && target !== undefined && !isAllowed) {
    violations.push(`${path}: the kernel imports nothing from outside its folder, but ${target}`);
  }
  return violations;
}

function roomViolations(path: string, area: Area, room: string, target: string): string[] {
  const { folder, rooms, hasFaces } = area;
  if (room !== "" && target.startsWith(`${folder}/${room}/`)) return [];
  const targetPlace = placeOf(target);
  if (targetPlace?.area !== area) {
    return /\.[cm]?[jt]s$/.test(target) ? [`${path}: ${folder}/ imports no code from outside ${folder}/, but ${target}`] : [];
  }
  const targetRoom = targetPlace.room;
  if (room === "" && targetRoom === "") return [];
  if (targetRoom === "") return [`${path}: a folder does not import ${target}`];
  const violations: string[] = [];
  if (room !== "" && rooms.indexOf(targetRoom) >= rooms.indexOf(room)) {
    violations.push(`${path}: ${room} is below ${targetRoom} and cannot import it`);
  }
  const face = `${folder}/${targetRoom}/index.ts`;
  if (hasFaces && target !== face) violations.push(`${path}: imports ${target}, not the face ${face}`);
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

/** One vendor, one door: an external package is imported in one folder of `src/`, and in one of the kernel's, only. */
function vendorViolations(sources: readonly Source[]): string[] {
  return areas.flatMap((area) => {
    const doors = new Map<string, Set<string>>();
    for (const { path, imports } of sources) {
      const place = placeOf(path);
      if (place?.area !== area) continue;
      for (const vendor of imports.map(packageOf)) {
        if (vendor === undefined || notations.has(vendor)) continue;
        const door = place.room === "" ? area.folder : place.room;
        if (!area.sharedVendors[vendor]?.includes(door)) doors.set(vendor, (doors.get(vendor) ?? new Set()).add(door));
      }
    }
    return [...doors].flatMap(([vendor, set]) => {
      const rooms = [...set, ...(area.sharedVendors[vendor] ?? [])].sort();
      return rooms.length > 1 ? [`${vendor} has ${rooms.length} doors: ${rooms.join(", ")}`] : [];
    });
  });
}

/** External packages that the sources import: those of `src/`, or of the kernel. */
export function vendorsOf(tree: SourceTree, folder: string): Set<string> {
  const sources = [...tree].filter(([path]) => path.startsWith(`${folder}/`)).map(([path, text]) => read(path, text));
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
