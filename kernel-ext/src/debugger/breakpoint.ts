import { RequestArguments } from "./request-arguments.ts";
import { RequestError } from "./request-error.ts";

/** A breakpoint that the user wants; it outlives the runs of its cell. */
export interface Breakpoint {
  readonly id: number;
  /** Line from 1: as asked for, then as V8 could set it. */
  line: number;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
  /** Undefined until a script is there to set it in. */
  isVerified?: boolean;
  message?: string;
  hits: number;
}

const comparisons: { readonly [operator: string]: (hits: number, wanted: number) => boolean } = {
  "": (hits, wanted) => hits >= wanted,
  ">=": (hits, wanted) => hits >= wanted,
  ">": (hits, wanted) => hits > wanted,
  "=": (hits, wanted) => hits === wanted,
  "==": (hits, wanted) => hits === wanted,
  "===": (hits, wanted) => hits === wanted,
  "<": (hits, wanted) => hits < wanted,
  "<=": (hits, wanted) => hits <= wanted,
  "%": (hits, wanted) => wanted > 0 && hits % wanted === 0,
};

function hitTest(hitCondition: string): ((hits: number) => boolean) | undefined {
  const [, operator, count] = /^\s*([<>=%]*)\s*(\d+)\s*$/.exec(hitCondition) ?? [];
  const compare = operator === undefined ? undefined : comparisons[operator];
  return compare === undefined ? undefined : (hits) => compare(hits, Number(count));
}

/** @param wanted - a `SourceBreakpoint` of the protocol */
export function toBreakpoint(id: number, wanted: unknown): Breakpoint {
  const values = new RequestArguments(wanted);
  const line = values.integer("line");
  if (line < 1) throw new RequestError(`a breakpoint's line counts from 1, not ${line}`);
  const condition = values.optionalText("condition")?.trim() || undefined;
  const hitCondition = values.optionalText("hitCondition")?.trim() || undefined;
  const logMessage = values.optionalText("logMessage") || undefined;
  return {
    id,
    line,
    hits: 0,
    ...(condition !== undefined && { condition }),
    ...(hitCondition !== undefined && { hitCondition }),
    ...(logMessage !== undefined && { logMessage }),
  };
}

/** Counts a hit. @returns whether execution stops for it */
export function isHit(breakpoint: Breakpoint): boolean {
  breakpoint.hits++;
  return breakpoint.hitCondition === undefined || (hitTest(breakpoint.hitCondition)?.(breakpoint.hits) ?? true);
}

/** Why the breakpoint cannot work, whatever the script: found without V8. */
export function complaint({ hitCondition }: Breakpoint): string | undefined {
  if (hitCondition === undefined || hitTest(hitCondition) !== undefined) return undefined;
  return `hit condition "${hitCondition}" is not a number, with < <= = >= > or % before it`;
}

/** `at {x.y}` as a template literal. */
function template(logMessage: string): string {
  const parts = logMessage.split(/\{([^{}]*)\}/);
  return `\`${parts.map((part, at) => (at % 2 === 1 ? `\${${part}}` : part.replace(/[\\`$]/g, "\\$&"))).join("")}\``;
}

/** What V8 evaluates at the breakpoint: it stops where the value is true. A log message prints and never stops. */
export function v8Condition({ condition, logMessage }: Breakpoint): string | undefined {
  if (logMessage === undefined) return condition;
  const log = `(console.log(${template(logMessage)}), false)`;
  return condition === undefined ? log : `(${condition}\n) && ${log}`;
}
