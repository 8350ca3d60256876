/** Cells that use what a compiler is good at, across cells. */
export const writtenSequences: Readonly<Record<string, readonly string[]>> = {
  "generics and inference": [
    "function first<T, K extends keyof T>(rows: readonly T[], key: K): T[K] | undefined { return rows[0]?.[key]; }",
    'const rows = [{ host: "a", count: 1 }, { host: "b", count: 2 }];',
    'const host = first(rows, "host"); host.length; first(rows, "hosts");',
    "const sum = rows.reduce((total, { count }) => total + count, 0); sum.toUpperCase();",
    'type Row = (typeof rows)[number]; const row: Row = { host: 1, count: "2" };',
  ],
  "classes keep their identity until they are declared anew": [
    "class Box { #inside = 1; static of() { return new Box(); } get value() { return this.#inside; } }",
    "const old = Box.of(); function take(box: Box) { return box.value; }",
    "take(old); take({ value: 1 });",
    "class Box { #inside = 'a'; other = true; }",
    "take(new Box()); const fresh: Box = old; old.value; fresh.other;",
    "class Small extends Box { more = 1 } new Small().other; new Small().value;",
  ],
  "a function of an earlier cell keeps the types that it was written with": [
    "type Id = number; function make(id: Id): { id: Id } { return { id }; }",
    "type Id = string; const made = make('a'); const id: Id = made.id;",
    "make(1).id.toFixed(); const other: Id = 5;",
  ],
  "narrowing of earlier names": [
    "const either: string | number = Math.random() > 0.5 ? 'a' : 1; let maybe: { a?: { b: number } } | undefined;",
    "either.toFixed(); if (typeof either === 'number') either.toFixed(); else either.length;",
    "maybe.a; maybe?.a.b; if (maybe?.a) maybe.a.b.toFixed();",
    "function isText(x: unknown): x is string { return typeof x === 'string'; } function assertText(x: unknown): asserts x is string {}",
    "if (isText(either)) either.length; else either.length; assertText(either); either.length;",
  ],
  "recursive and conditional types": [
    "type Tree<T> = { value: T; children?: Tree<T>[] }; type Leaf<T> = T extends Tree<infer U> ? U : never;",
    "const tree: Tree<number> = { value: 1, children: [{ value: 'a' }] }; const leaf: Leaf<typeof tree> = 'a';",
    `type Path<T> = { [K in keyof T & string]: T[K] extends object ? \`\${K}.\${Path<T[K]>}\` : K }[keyof T & string]; const path: Path<{ a: { b: 1 } }> = 'a.c';`,
    "interface Node2 { next: Node2 | null } const node: Node2 = { next: { next: 1 } };",
  ],
  "overloads, getters, symbols, iterators": [
    "function pick(x: string): number; function pick(x: number): string; function pick(x: string | number): string | number { return x as never; }",
    "pick(1).length; pick('a').length; pick(true);",
    "class Bag<T> implements Iterable<T> { *[Symbol.iterator](): Iterator<T> {} get size(): number { return 0; } set size(v: number) {} }",
    "for (const each of new Bag<string>()) each.toFixed(); new Bag().size = 'a'; const [one] = new Bag<number>(); one.length;",
  ],
  "enums and namespaces": [
    "enum Level { Low, High = 5 } const enum Quick { A = 1 } namespace Tools { export const a = 1; export interface T { x: number } }",
    "Level.Middle; const level: Level = 7; Quick.A.toFixed(); Tools.b; const t: Tools.T = { x: 'a' };",
    "enum Level { Only = 'only' } const l2: Level = Level.Only; const l3: Level = 5;",
  ],
  "asynchronous cells": [
    "const text = await Promise.resolve('a'); async function later() { return [text] as const; }",
    "const [t] = await later(); t.toFixed(); later().then(({ length }) => length.toUpperCase());",
    "for await (const x of (async function* () { yield 1; })()) x.length; await using nothing = 5;",
  ],
  "used before it is declared": [
    "const x = 1; let y = 'a';",
    "const x = x + 1;",
    "y; let y = 2; function early() { return late; } early(); const late = 1;",
    "console.log(z); var z = 1;",
  ],
  "comment directives": [
    "// @ts-expect-error\nconst a: string = 1;\n// @ts-expect-error\nconst b = 1;",
    "// @ts-ignore\na.missing; b.missing;",
    "// @ts-nocheck\na.missing; b.missing; const c: number = 'a';",
    "c.length;",
  ],
  "syntax that only the checker refuses": [
    "return 1;",
    "break;",
    "function f() { await 1; }",
    "const k;",
    "const { q } = null;",
    "let u = super.x; this.y;",
  ],
  exports: [
    "export const a = 1; export default class Main { x = 1 } export type T = 'a'; export { a as b };",
    "a.b; new Main().y; const t: T = 'c';",
    "export const a = 'x'; a.toFixed();",
  ],
  "decorators, satisfies, tuples, templates": [
    "function log<T extends Function>(target: T, context: ClassDecoratorContext) { return target; }",
    "@log class Marked { @log method() {} }",
    "const config = { a: [1, 2], b: 'x' } satisfies Record<string, number[] | string>; config.a.push('x'); config.c;",
    `const pair: [string, ...number[]] = ['a', 1, 'b']; type Greeting = \`hello \${string}\`; const g: Greeting = 'bye';`,
  ],
  "a wrong name has a near one": [
    "const measurement = 1; interface Measured { length: number }",
    "measurment; const m: Mesured = 1; consol.log(1); [].lenght; 'a'.toUppercase();",
  ],
};
