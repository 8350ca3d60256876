import type { Runtime } from "node:inspector";
import type { RemoteObject } from "./inspector.ts";

/** More of a string is not shown. */
export const keptCharacters = 1_000;

/** A text of which only the first characters are there. */
export function cutText(text: string, length: number): string {
  return `${text}… (${length.toLocaleString("en")} characters)`;
}

function shorten(text: string, kept = keptCharacters): string {
  return text.length <= kept ? text : cutText(text.slice(0, kept), text.length);
}

function stringText(value: string): string {
  return value.length <= keptCharacters ? JSON.stringify(value) : cutText(JSON.stringify(value.slice(0, keptCharacters)), value.length);
}

/** `class Foo`, `ƒ add(a, b)`: V8 describes a function by its whole text. */
function functionText(description: string): string {
  const [, name] = /^class\b\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)?/u.exec(description) ?? [];
  if (/^class\b/.test(description)) return name === undefined || name === "extends" ? "class" : `class ${name}`;
  const head = description.replace(/^(async\s+)?function\s*/, "$1").split(/\{|=>|\n/)[0] ?? "";
  return `ƒ ${shorten(
    head
      .replace(/\s+/g, " ")
      .replace(/ (?=[,)])/g, "")
      .trim(),
    80,
  )}`.trimEnd();
}

function itemText({ type, subtype, value, valuePreview }: Runtime.PropertyPreview): string {
  if (type === "accessor") return "(…)";
  if (type === "function") return "ƒ";
  if (valuePreview !== undefined) return previewText(valuePreview, value);
  if (type === "string" && subtype === undefined) return JSON.stringify(value ?? "");
  if (type === "object" && value === "Object") return "{…}";
  return shorten(value ?? "", 60);
}

function entryText({ key, value }: Runtime.EntryPreview): string {
  const text = ({ type, description = type }: Runtime.ObjectPreview): string =>
    type === "string" ? JSON.stringify(description) : type === "object" && description === "Object" ? "{…}" : shorten(description, 60);
  return key === undefined ? text(value) : `${text(key)} => ${text(value)}`;
}

function promiseText(properties: readonly Runtime.PropertyPreview[]): string {
  const [state, result] = ["[[PromiseState]]", "[[PromiseResult]]"].map((wanted) => properties.find(({ name }) => name === wanted));
  return result === undefined || state?.value === "pending" ? (state?.value ?? "…") : `${state?.value}: ${itemText(result)}`;
}

function previewText(preview: Runtime.ObjectPreview, fallback = ""): string {
  const { subtype, description = fallback, properties, overflow, entries } = preview;
  const more = overflow ? ["…"] : [];
  if (subtype === "array" || subtype === "typedarray") {
    const prefix = description.replace(/^Array(?=\(\d+\)$)/, "");
    return `${prefix} [${[...properties.filter(({ name }) => /^\d+$/.test(name)).map(itemText), ...more].join(", ")}]`.trimStart();
  }
  if (entries !== undefined) return `${description} {${[...entries.map(entryText), ...more].join(", ")}}`;
  if (subtype !== undefined && subtype !== "promise" && subtype !== "iterator" && subtype !== "generator")
    return shorten(description.split("\n")[0] ?? "", 200);
  if (subtype === "promise") return `Promise {${promiseText(properties)}}`;
  const items = properties.map((each) => `${each.name}: ${itemText(each)}`);
  return `${description === "Object" ? "" : `${description} `}{${[...items, ...more].join(", ")}}`;
}

/** A value in one line. Nothing of the value's own code runs for it. */
export function valueText(value: RemoteObject): string {
  const { type, subtype, description } = value;
  if (type === "string") return stringText(String(value.value));
  if (type === "undefined") return "undefined";
  if (subtype === "null") return "null";
  if (type === "function") return functionText(description ?? "");
  if (value.unserializableValue !== undefined) return value.unserializableValue;
  if (type === "number" || type === "boolean") return String(value.value);
  if (value.preview !== undefined && subtype !== "error" && subtype !== "date" && subtype !== "regexp") {
    return shorten(previewText(value.preview, description));
  }
  return shorten(description?.split("\n")[0] ?? type);
}

/** What the value is: `number`, `Array`, the name of its class. */
export function typeText({ type, subtype, className }: RemoteObject): string {
  if (subtype === "null") return "null";
  return type === "object" ? (className ?? type) : type;
}
