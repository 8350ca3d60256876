/** Numbers from a seed, so that a failure can be repeated. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const values = ["alpha", "beta", "gamma", "delta"];
const types = ["Row", "Item", "Shape"];
const misspelt = ["alpah", "betaa", "Rwo", "nothing", "consoel"];

/**
 * A sequence of cells which declare, redeclare, use and misuse a handful of names. None asks what kind of thing a name is (`typeof alpha`):
 * TypeScript narrows an imported function and not one of the same scope, which the kernel's cells are like; variables are tested by hand.
 */
export function generatedCells(seed: number, count: number): string[] {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const value = (): string => pick(random(12) === 0 ? misspelt : values);
  const type = (): string => pick(random(15) === 0 ? misspelt : types);
  const number = (): string => String(random(100));
  const expression = (depth: number): string => {
    const inner = (): string => (depth > 2 ? value() : expression(depth + 1));
    return pick<() => string>([
      number,
      value,
      () => JSON.stringify(pick(["a", "b", "left"])),
      () => `[${inner()}, ${inner()}]`,
      () => `{ id: ${inner()}, tags: [${inner()}] }`,
      () => `${inner()} + ${inner()}`,
      () => `${value()}.${pick(["id", "length", "tags", "toFixed", "missing", "value"])}`,
      () => `${value()}(${inner()})`,
      () => `(${inner()}) as ${type()}`,
      () => `[1, 2, 3].map((n) => n + ${inner()})`,
      () => `await Promise.resolve(${inner()})`,
      () => `new ${type()}(${inner()})`,
      () => `({ id: ${number()} } satisfies ${type()})`,
      () => `(${number()} > 50 ? ${inner()} : ${inner()})`,
    ])();
  };
  const declared = new Set<string>();
  const statement = (): string => {
    // One name has one declaration a cell, and a value never takes the name of a type: both are tested by hand.
    const newValue = values.filter((name) => !declared.has(name))[0] ?? `extra${random(1000)}`;
    const newType = pick(types.filter((name) => !declared.has(name)).concat(`Extra${random(1000)}`));
    const declare = (name: string, text: string): string => {
      declared.add(name);
      return text;
    };
    return pick<() => string>([
      () => declare(newValue, `const ${newValue} = ${expression(0)};`),
      () => declare(newValue, `let ${newValue}: ${pick(["number", "string", `${type()}[]`, "string | undefined"])} = ${expression(0)};`),
      () =>
        declare(
          newValue,
          `function ${newValue}<T extends ${pick(["string", "number", type()])}>(x: T) { return { x, y: ${expression(1)} }; }`,
        ),
      () => declare(newValue, `async function ${newValue}(x = ${number()}) { return x + ${expression(1)}; }`),
      () => declare(newType, `interface ${newType} { id: ${pick(["number", "string", type()])}; tags?: string[] }`),
      () => declare(newType, `type ${newType} = { id: number; next?: ${newType} } | ${pick(['"left"', "null", type()])};`),
      () =>
        declare(newType, `class ${newType}<T = ${type()}> { #own = 1; constructor(readonly value: T) {} get id() { return this.#own; } }`),
      () => declare(newType, `enum ${newType} { Left = ${number()}, Right }`),
      () => `(${expression(0)});`,
      () => `if (${number()} > 50) { ${value()}; } else { ${expression(1)}; }`,
      () => `for (const each of ${value()}) { each.${pick(["id", "length"])}; }`,
      () => `// @ts-expect-error\n(${expression(1)});`,
      () => `export const out${random(50)} = ${expression(0)};`,
    ])();
  };
  return Array.from({ length: count }, () => {
    declared.clear();
    return Array.from({ length: 1 + random(3) }, statement).join("\n");
  });
}
