/** Leads from a `Lake`, or from its `sql`, to the lake: a symbol that all copies of soclab in a process share. */
export const lakeSymbol: unique symbol = Symbol.for("soclab.lake");
