export { type Constant, constant, doubleConstant, identifier } from "./quote.ts";
export { sqlType } from "./types.ts";
