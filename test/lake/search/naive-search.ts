import { addressBytes, networkOf } from "../../../src/lake/search/network.ts";
import type { PatternPart, SearchNode, Term } from "../../../src/lake/search/query.ts";
import { namedTime } from "../../../src/lake/search/times.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Whether a row is a hit, the obvious and slow way: no SQL, no index, a look at every value. */
export function isHit(node: SearchNode, row: Row): boolean {
  switch (node.kind) {
    case "all":
      return true;
    case "term":
      return isTermHit(node, row);
    case "not":
      return !isHit(node.part, row);
    case "and":
    case "or":
      return node.kind === "and" ? node.parts.every((part) => isHit(part, row)) : node.parts.some((part) => isHit(part, row));
  }
}

const aliases: Record<string, string[]> = {
  src: ["ip_src_addr"],
  dst: ["ip_dst_addr"],
  ip: ["ip_src_addr", "ip_dst_addr", "answers"],
  port: ["ip_src_port", "ip_dst_port"],
};

function isTermHit({ field, test }: Term, row: Row): boolean {
  const isAddress =
    test.kind === "texts" && !test.quoted && test.texts.every((text) => addressBytes(text) !== undefined || networkOf(text) !== undefined);
  if (field === undefined && !isAddress) return isTextHit(test, row.original_string);
  const names = field === undefined ? aliases.ip! : Object.hasOwn(row, field) ? [field] : (aliases[field] ?? []);
  return names.flatMap((name) => row[name] ?? []).some((value) => isValueHit(test, value));
}

function isTextHit(test: Term["test"], raw: unknown): boolean {
  const text = Buffer.from(raw as Uint8Array)
    .toString("utf8")
    .toLowerCase();
  const isLetter = (character: string | undefined) => character !== undefined && /[0-9a-z_\u0080-\u{10ffff}]/u.test(character);
  if (test.kind === "texts") {
    return test.texts.some((wanted) => {
      const word = wanted.toLowerCase();
      for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
        const before = isLetter(word[0]) && isLetter(text[at - 1]);
        const after = isLetter(word.at(-1)) && isLetter(text[at + word.length]);
        if (!before && !after) return true;
      }
      return false;
    });
  }
  return test.kind === "pattern" && text.split(/[^0-9a-z_.:-]+/u).some((word) => isPatternIn(test.pattern, word));
}

/** A pattern whose literals are letters and dots, somewhere in a run of such. */
function isPatternIn(pattern: readonly PatternPart[], word: string): boolean {
  for (let from = 0; from <= word.length; from++) {
    for (let to = from; to <= word.length; to++) {
      const isStart = from === 0 || !/[0-9a-z_]/.test(word[from - 1]!) || !("literal" in pattern[0]!);
      const isEnd = to === word.length || !/[0-9a-z_]/.test(word[to]!) || !("literal" in pattern.at(-1)!);
      if (isStart && isEnd && isPattern(pattern, word.slice(from, to))) return true;
    }
  }
  return false;
}

function isPattern([part, ...rest]: readonly PatternPart[], text: string): boolean {
  if (part === undefined) return text === "";
  if ("literal" in part) return text.startsWith(part.literal.toLowerCase()) && isPattern(rest, text.slice(part.literal.length));
  if (part.any === "one") return text !== "" && isPattern(rest, text.slice(1));
  return Array.from({ length: text.length + 1 }, (_, i) => i).some((i) => isPattern(rest, text.slice(i)));
}

function isValueHit(test: Term["test"], value: unknown): boolean {
  if (value === null) return false;
  switch (test.kind) {
    case "exists":
      return true;
    case "texts":
      return test.texts.some((text) => isEqual(text, value));
    case "pattern":
      return isPattern(test.pattern, String(value).toLowerCase());
    case "range": {
      if (value instanceof Date) {
        const low = test.low && namedTime(test.low.value)!;
        const high = test.high && namedTime(test.high.value)!;
        const micros = value.getTime() * 1000;
        if (low && micros < (test.low!.inclusive ? low.start : low.end)) return false;
        return !high || micros < (test.high!.inclusive ? high.end : high.start);
      }
      const number = Number(value);
      if (test.low && !(test.low.inclusive ? number >= Number(test.low.value) : number > Number(test.low.value))) return false;
      return !test.high || (test.high.inclusive ? number <= Number(test.high.value) : number < Number(test.high.value));
    }
  }
}

function isEqual(text: string, value: unknown): boolean {
  if (typeof value === "boolean") return text.toLowerCase() === String(value);
  if (value instanceof Date) {
    const time = namedTime(text);
    return time !== undefined && value.getTime() * 1000 >= time.start && value.getTime() * 1000 < time.end;
  }
  if (typeof value !== "string") return Number(text) === Number(value);
  if (value.toLowerCase() === text.toLowerCase()) return true;
  const address = addressBytes(value);
  const wanted = addressBytes(text);
  if (address && wanted) return Buffer.compare(address, wanted) === 0;
  const network = networkOf(text);
  if (!network || !address || address.length !== network.first.length) return false;
  return Buffer.compare(address, network.first) >= 0 && Buffer.compare(address, network.last) <= 0;
}
