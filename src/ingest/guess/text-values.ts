import type { ColumnType } from "../../event/index.ts";
import type { Json } from "../json/json-values.ts";
import { readableMicros } from "./readable-time.ts";

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const whole = /^[+-]?\d+$/;
/** What a type may be told from: no leading zero, no sign that a telephone number has, no exponent. */
const certainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
const certainTime = /^\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d/;

/** A text as a value of the type; undefined where it is none. A time becomes seconds since 1970. */
export function textValue(type: ColumnType, text: string): Json | undefined {
  switch (type) {
    case "double":
      return decimal.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case "bigint":
    case "integer":
      return whole.test(text) ? Number(text) : undefined;
    case "boolean":
      if (/^(?:true|t|yes|y|1)$/i.test(text)) return true;
      return /^(?:false|f|no|n|0)$/i.test(text) ? false : undefined;
    case "timestamp": {
      const micros = readableMicros(text);
      return Number.isSafeInteger(micros) ? micros / 1e6 : undefined;
    }
    default:
      return text;
  }
}

/** The type that all the texts are; "string" where they differ, where one could be a name made of digits, or where there is none. */
export function inferType(texts: readonly string[]): "double" | "boolean" | "timestamp" | "string" {
  if (texts.length === 0) return "string";
  if (texts.every((text) => certainNumber.test(text))) return "double";
  if (texts.every((text) => /^(?:true|false)$/i.test(text))) return "boolean";
  if (texts.every((text) => certainTime.test(text) && Number.isSafeInteger(readableMicros(text)))) return "timestamp";
  return "string";
}
