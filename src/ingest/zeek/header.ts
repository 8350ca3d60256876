import type { ColumnType } from "../../event/index.ts";
import { columnsOf, standardColumns } from "../../event/index.ts";
import { decodeZeek } from "./escapes.ts";

/** A field of a Zeek log as a column. */
export interface ZeekField {
  /** Column name: dots are underscores; a name that soclab uses itself gets the prefix `zeek_`. */
  readonly name: string;
  readonly type: ColumnType;
  readonly isAddress: boolean;
  readonly isPort: boolean;
}

/** What the `#` lines of a Zeek log say. */
export interface ZeekHeader {
  readonly path: string;
  readonly separator: number;
  readonly setSeparator: Buffer;
  readonly empty: Buffer;
  readonly unset: Buffer;
  readonly fields: readonly ZeekField[];
}

const maxFields = 1024;
/** Names that soclab gives itself; SQL does not tell upper from lower case. */
const reserved = new Set([...Object.keys(standardColumns), "day"]);
const tableName = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** The table of a log path, or null where the path could not name one. */
export function tableOfPath(path: string): string | null {
  const name = path.replaceAll("-", "_");
  return tableName.test(name) ? name : null;
}

/** "conn" out of `logs/conn.2022-06-13.log.gz`. */
export function pathOfSource(source: string): string {
  return source.split(/[\\/]/).at(-1)!.split(".")[0]!;
}

/** Column name of a Zeek field. */
export function columnOfField(field: string): string {
  const name = field.replaceAll(".", "_");
  return reserved.has(name.toLowerCase()) ? `zeek_${name}` : name;
}

/** Collects `#` lines. `#separator` starts over, as it does when a rotated file follows; `#types` completes. */
export class ZeekHeaderReader {
  readonly #fallbackPath: string;
  #separator = 9;
  #setSeparator: Buffer = Buffer.from(",");
  #empty: Buffer = Buffer.from("(empty)");
  #unset: Buffer = Buffer.from("-");
  #path: string | undefined;
  #names: string[] | undefined;
  #lines: string[] = [];
  #complete = false;

  constructor(fallbackPath: string) {
    this.#fallbackPath = fallbackPath;
  }

  /** The lines in force, base64, so that a restart knows the columns without the start of the file. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Takes one line that begins with `#`.
   * @returns a header when it is complete, a reason when it is wrong, null otherwise
   */
  line(line: Buffer): ZeekHeader | { readonly reason: string } | null {
    const text = line.toString("latin1");
    const space = text.startsWith("#separator") ? " " : String.fromCharCode(this.#separator);
    const at = text.indexOf(space);
    const key = at < 0 ? text : text.slice(0, at);
    const value = at < 0 ? "" : text.slice(at + 1);
    if (key === "#separator") this.#restart();
    else if (this.#complete && key === "#fields")
      this.#lines = this.#lines.filter((kept) => !/^#(fields|types)/.test(Buffer.from(kept, "base64").toString("latin1")));
    if (["#separator", "#set_separator", "#empty_field", "#unset_field", "#path", "#fields", "#types"].includes(key))
      this.#lines.push(line.toString("base64"));
    switch (key) {
      case "#separator": {
        const bytes = unescapeBytes(value);
        if (bytes.length !== 1 || bytes[0] === 10) return { reason: `separator ${JSON.stringify(value)}, expected one byte such as \\x09` };
        this.#separator = bytes[0]!;
        return null;
      }
      case "#set_separator":
        if (value === "") return { reason: "the set separator is empty" };
        this.#setSeparator = unescapeBytes(value);
        return null;
      case "#empty_field":
        this.#empty = unescapeBytes(value);
        return null;
      case "#unset_field":
        this.#unset = unescapeBytes(value);
        return null;
      case "#path":
        this.#path = value;
        return null;
      case "#fields":
        this.#names = value.split(space).map((name) => decodeZeek(Buffer.from(name, "latin1"), 0, name.length));
        return null;
      case "#types":
        return this.#finish(value.split(space));
      default:
        return null;
    }
  }

  #restart(): void {
    this.#separator = 9;
    this.#setSeparator = Buffer.from(",");
    this.#empty = Buffer.from("(empty)");
    this.#unset = Buffer.from("-");
    this.#path = undefined;
    this.#names = undefined;
    this.#lines = [];
    this.#complete = false;
  }

  #finish(types: string[]): ZeekHeader | { readonly reason: string } {
    const names = this.#names;
    if (!names) return { reason: "#types comes before #fields" };
    if (names.length !== types.length) return { reason: `${names.length} fields but ${types.length} types` };
    if (names.length > maxFields) return { reason: `${names.length} fields, expected at most ${maxFields}` };
    const path = this.#path ?? this.#fallbackPath;
    const table = tableOfPath(path);
    if (table === null) return { reason: `log path ${JSON.stringify(path.slice(0, 80))} cannot name a table` };
    const declared = columnsOf(table);
    const seen = new Set<string>();
    const fields: ZeekField[] = [];
    for (const [i, field] of names.entries()) {
      const name = columnOfField(field);
      if (name === "" || name.length > 128) return { reason: `field ${i + 1} is named ${JSON.stringify(field.slice(0, 80))}` };
      if (seen.has(name.toLowerCase())) return { reason: `field "${field.slice(0, 80)}" occurs twice` };
      seen.add(name.toLowerCase());
      const zeekType = types[i]!;
      const type = columnTypeOf(zeekType);
      const known = declared[name];
      const widened = known === "double" && type === "bigint" ? known : type;
      fields.push({ name, type: widened, isAddress: zeekType === "addr", isPort: zeekType === "port" });
    }
    this.#complete = true;
    return { path: table, separator: this.#separator, setSeparator: this.#setSeparator, empty: this.#empty, unset: this.#unset, fields };
  }
}

/** `\x09` and the like as bytes. */
function unescapeBytes(value: string): Buffer {
  return Buffer.from(
    value.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}

/** Zeek's types; what is not known is kept as text. */
export function columnTypeOf(zeekType: string): ColumnType {
  const container = /^(?:set|vector|list)\[(.+)\]$/.exec(zeekType);
  if (container) {
    const element = columnTypeOf(container[1]!);
    return element.endsWith("[]") || element === "bytes" ? "string[]" : (`${element}[]` as ColumnType);
  }
  switch (zeekType) {
    case "time":
      return "timestamp";
    case "interval":
    case "double":
      return "double";
    case "count":
    case "int":
    case "counter":
      return "bigint";
    case "port":
      return "integer";
    case "bool":
      return "boolean";
    default:
      return "string";
  }
}
