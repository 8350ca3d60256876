import { didYouMean } from "../../core/index.ts";
import { csvRecords } from "../csv.ts";
import { csvTable, readReference } from "../history/reference-table.ts";
import { referenceTime } from "../history/reference-time.ts";
import { refangHost, refangUrl } from "../refang.ts";
import { cleanTags } from "../tag-confidence.ts";
import { quoted, readText } from "../text-file.ts";
import { indicatorKinds } from "./indicator.ts";
import { defaultListConfidence, type ListReader } from "./list-source.ts";
import { kindOfValue } from "./value-kind.ts";

const optional = ["kind", "confidence", "valid_from", "valid_until", "known_at", "tags", "id"];

/**
 * Reads `value,kind,confidence,valid_from,valid_until,known_at,tags,id` with a header line; only `value` must be there. `#` lines before it are left out, and the
 * last of them is the header where the first record has as many fields, as abuse.ch writes it. A confidence is 0–1 or a percentage above 1; tags are parted by
 * `;`, `|` or `,`. A value that is none is set aside; a column that is missing is an error.
 */
export const readCsvList: ListReader = async (source, sink) => {
  const { name, feed = name, confidence = defaultListConfidence, knownAt = null, validFrom, validUntil, tags = [], columns } = source;
  const table = csvTable(withHeader(await readText(source.path)), source.path, ["value", ...optional]);
  await readReference(table, { required: ["value"], optional, mapping: columns }, (cells) => {
    const time = (column: string) => {
      const text = cells.text(column);
      if (text === null) return undefined;
      const micros = referenceTime(text);
      if (micros === null) throw cells.error(`${column} ${quoted(text)} is no time, expected one like 2026-03-01T08:00:00Z`);
      return micros;
    };
    const written = cells.text("value");
    if (written === null) return sink.setAside("an empty value");
    const named = cells.text("kind")?.toLowerCase();
    const known = indicatorKinds.find((kind) => kind === named);
    if (named !== undefined && known === undefined)
      throw cells.error(`${quoted(named)} is no kind, expected ${indicatorKinds.join(", ")}`, didYouMean(named, indicatorKinds));
    const value = known === "url" || written.includes("/") ? refangUrl(written) : refangHost(written);
    const kind = known ?? kindOfValue(value);
    if (kind === null) return sink.setAside("a value that is no address, domain, URL or hash");
    const percent = Number(cells.text("confidence") ?? Number.NaN);
    if (percent < 0 || percent > 100) throw cells.error(`confidence ${percent} is none, expected 0 to 1, or a percentage`);
    const own = cells.text("tags")?.split(/[;|,]/) ?? [];
    sink.add({
      kind,
      value,
      list: name,
      feed,
      confidence: Number.isNaN(percent) ? confidence : percent > 1 ? percent / 100 : percent,
      knownAt: time("known_at") ?? knownAt,
      validFrom: time("valid_from") ?? validFrom,
      validUntil: time("valid_until") ?? validUntil,
      tags: own.length > 0 ? cleanTags([...tags, ...own]) : tags,
      id: cells.text("id") ?? undefined,
    });
  });
};

function withHeader(text: string): string {
  const comments = /^(?:#[^\n]*\r?\n)+/.exec(text)?.[0];
  if (comments === undefined) return text;
  const rest = text.slice(comments.length);
  const last = comments.trimEnd().split("\n").at(-1)!.replace(/^#\s*/, "");
  const fields = (line: string) => csvRecords(line, "").next().value?.fields.length;
  const first = rest.slice(0, rest.indexOf("\n") + 1 || undefined);
  try {
    return fields(last) === fields(first) && last.includes(",") ? `${last}\n${rest}` : rest;
  } catch {
    return rest;
  }
}
