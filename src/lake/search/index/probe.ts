import type { Columns } from "../../../event/index.ts";
import { isAddressTest } from "../compile.ts";
import { addressColumns, columnsOfField } from "../fields.ts";
import { partsOf, wholeWords } from "../free-text.ts";
import { networkOf, spellingsOf } from "../network.ts";
import type { SearchNode, Term, ValueTest } from "../query.ts";
import { isIndexedWord, type Key, keyOf, valueSeed, wordSeed } from "./key-hash.ts";

/** What keys rows must have to be hits; `true` where the keys do not decide. */
export type Probe = true | Key | { readonly all: readonly Probe[] } | { readonly any: readonly Probe[] };

const ascii = /^[\x20-\x7e]*$/;

/** A search as a question to the index of a file with these columns. A NOT asks nothing: a filter never says that rows lack something. */
export function probeOf(node: SearchNode, columns: Columns): Probe {
  switch (node.kind) {
    case "and":
      return allOf(node.parts.map((part) => probeOf(part, columns)));
    case "or":
      return anyOf(node.parts.map((part) => probeOf(part, columns)));
    case "term":
      return termProbe(node, columns);
    default:
      return true;
  }
}

export function mayHold(probe: Probe, has: (key: Key) => boolean): boolean {
  if (probe === true) return true;
  if ("all" in probe) return probe.all.every((part) => mayHold(part, has));
  return "any" in probe ? probe.any.some((part) => mayHold(part, has)) : has(probe);
}

function termProbe({ field, test }: Term, columns: Columns): Probe {
  if (field === undefined && !isAddressTest(test)) return textProbe(test);
  const names = field === undefined ? addressColumns(columns) : columnsOfField(field, columns);
  const probes = names.map((name) => {
    const type = columns[name]!;
    if (type === "bytes") return textProbe(test);
    if (test.kind !== "texts") return true;
    if (type === "integer") return anyOf(test.texts.map(wholeNumberProbe));
    return type === "string" || type === "string[]" ? anyOf(test.texts.map(valueProbe)) : true;
  });
  return anyOf(probes);
}

function textProbe(test: ValueTest): Probe {
  const alternatives = partsOf(test);
  if (alternatives.length === 0) return true;
  return anyOf(
    alternatives.map((parts) =>
      allOf(
        wholeWords(parts)
          .filter((word) => ascii.test(word) && isIndexedWord(word))
          .map((word) => keyOf(word, wordSeed)),
      ),
    ),
  );
}

function valueProbe(text: string): Probe {
  if (networkOf(text) || text === "" || !ascii.test(text)) return true;
  return anyOf(spellingsOf(text).map((spelling) => keyOf(spelling.toLowerCase(), valueSeed)));
}

function wholeNumberProbe(text: string): Probe {
  return /^(?:0|-?[1-9]\d{0,9})$/.test(text) ? keyOf(text, valueSeed) : true;
}

function allOf(probes: readonly Probe[]): Probe {
  const asking = probes.filter((probe) => probe !== true);
  return asking.length === 0 ? true : asking.length === 1 ? asking[0]! : { all: asking };
}

function anyOf(probes: readonly Probe[]): Probe {
  if (probes.length === 0 || probes.includes(true)) return true;
  return probes.length === 1 ? probes[0]! : { any: probes };
}
