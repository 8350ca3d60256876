/** Every magic with its sign. A file of its own: the threads that do not check types must not load the compiler for it. */
export const magicNames: readonly string[] = [
  ...["time", "timeit", "who", "reset", "load", "env", "typecheck", "limit", "memory", "magics"].map((name) => `%${name}`),
  ...["time", "timeit", "sql", "writefile"].map((name) => `%%${name}`),
];
