import { dirname, resolve } from "node:path";
import { didYouMean } from "../../core/index.ts";
import { ConfigObject } from "../config-object.ts";
import { type HttpSource, httpFormats, type ReferenceSource } from "./reference-source.ts";

/** The sources of one history as a configuration file names them: a path, an object, or a list of both. Paths are relative to the file. */
export function referenceSources(top: ConfigObject, key: string): string | readonly (string | ReferenceSource)[] | undefined {
  const value = top.value(key);
  if (value === undefined || value === "shipped") return value;
  const list = Array.isArray(value) ? value : [value];
  return list.map((item: unknown, i) => sourceOf(top, Array.isArray(value) ? `${key}[${i}]` : key, item));
}

const fileKeys = ["path", "columns"];
const tableKeys = ["database", "lake", "table", "columns"];
const httpKeys = ["url", "format", "rows", "tokenFrom", "timeoutSeconds", "maxBytes", "refreshSeconds", "cache", "columns"];

function sourceOf(top: ConfigObject, key: string, value: unknown): string | ReferenceSource {
  const at = (path: string) => resolve(dirname(top.path), path);
  if (value === "shipped") return value;
  if (typeof value === "string" && value !== "") return at(value);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw top.error(key, value, 'a path or an object with "path", "url" or "table"');
  const has = (name: string) => Object.hasOwn(value, name);
  if (has("url")) return httpSource(new ConfigObject(top.path, `${key}.`, value, httpKeys), at);
  if (!has("table") && !has("database") && !has("lake")) {
    const object = new ConfigObject(top.path, `${key}.`, value, fileKeys);
    return { path: at(object.required("path")), columns: object.texts("columns") };
  }
  const object = new ConfigObject(top.path, `${key}.`, value, tableKeys);
  const [database, lake] = [object.text("database"), object.text("lake")];
  if ((database === undefined) === (lake === undefined)) throw object.error("database", database, 'either "database" or "lake"');
  return {
    database: database && at(database),
    lake: lake && at(lake),
    table: object.required("table"),
    columns: object.texts("columns"),
  };
}

function httpSource(object: ConfigObject, at: (path: string) => string): HttpSource {
  const url = object.required("url");
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol !== "http:" && protocol !== "https:") throw object.error("url", url, "an address like https://cmdb.example/assets");
  const format = object.text("format");
  const known = httpFormats.find((name) => name === format);
  if (format !== undefined && known === undefined)
    throw object.error("format", format, `one of ${httpFormats.join(", ")}`, didYouMean(format, httpFormats));
  const cache = object.text("cache");
  return {
    url,
    format: known,
    rows: object.text("rows"),
    tokenFrom: object.text("tokenFrom"),
    timeoutSeconds: object.count("timeoutSeconds", 3600),
    maxBytes: object.count("maxBytes", 256 * 1024 * 1024),
    refreshSeconds: object.count("refreshSeconds", 86_400 * 7),
    cache: cache && at(cache),
    columns: object.texts("columns"),
  };
}
