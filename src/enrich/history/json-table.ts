import { SoclabError } from "../../core/index.ts";
import { linesOf, quoted } from "../text-file.ts";
import { placeError, type ReferenceRow, type ReferenceTable } from "./reference-table.ts";
import { versionOf } from "./source-version.ts";

/** A JSON array of flat objects as a table. @param key - where in the answer the array is; it is the answer itself without it */
export function jsonTable(text: string, name: string, key?: string): ReferenceTable {
  const answer = parsed(text, name);
  const isObject = typeof answer === "object" && answer !== null;
  const list: unknown = key === undefined ? answer : isObject && Object.hasOwn(answer, key) ? Reflect.get(answer, key) : undefined;
  if (!Array.isArray(list)) {
    const place = key === undefined ? "" : ` at ${quoted(key)}`;
    throw new SoclabError("SOCLAB_INVALID_FILE", `${name} holds no list${place}, expected [{"ip": "192.0.2.7"}, …]`, {
      hint: isObject && key === undefined ? 'Name the key that holds the list in "rows".' : undefined,
    });
  }
  return objectsTable(list, text, name, "row");
}

/** A flat JSON object a line as a table. */
export function ndjsonTable(text: string, name: string): ReferenceTable {
  const objects: unknown[] = [];
  for (const [line, number] of linesOf(text)) objects.push(line.trim() === "" ? undefined : parsed(line, `${name} line ${number}`));
  return objectsTable(objects, text, name, "line");
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = text.trimStart();
    throw new SoclabError("SOCLAB_INVALID_FILE", `${name} is no JSON: it begins ${quoted(shown.slice(0, 40))}`, { cause });
  }
}

function objectsTable(objects: readonly unknown[], text: string, name: string, unit: "line" | "row"): ReferenceTable {
  const columns = new Set<string>();
  for (const [i, object] of objects.entries()) {
    if (object === undefined) continue;
    if (typeof object !== "object" || object === null || Array.isArray(object))
      throw placeError(name, unit, i + 1, `${quoted(JSON.stringify(object))} is no object, expected {"ip": "192.0.2.7"}`);
    for (const key of Object.keys(object)) columns.add(key);
  }
  const names = [...columns];
  function* rows(): Generator<ReferenceRow> {
    for (const [i, object] of objects.entries()) {
      if (typeof object !== "object" || object === null) continue;
      const fields = names.map((key) => (Object.hasOwn(object, key) ? cellOf(Reflect.get(object, key)) : null));
      yield { place: i + 1, fields };
    }
  }
  return { name, unit, columns: names, rows: rows(), version: () => versionOf(text) };
}

/** What holds more than one value is shown as JSON, so that the check of its column names it. */
function cellOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
