import { deadLetterToJson, type JsonValue, sevenFields } from "../../event/index.ts";
import { type ExplainedRecord, explainRecords, feedsThatRead, type ReadingOptions } from "../../ingest/index.ts";
import { feedOption } from "../feed-option.ts";
import type { Terminal } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { visibleText } from "../visible-text.ts";

const maxShown = 20;

/** `soclab parse --explain`: what becomes of records, field by field. Without a feed the one that reads them best is taken, and said. */
export async function explain(out: Terminal, bytes: Uint8Array, named: string | undefined, options: ReadingOptions): Promise<void> {
  const [found, ...others] = named === undefined ? feedsThatRead(bytes) : [];
  const feed = await feedOption(named ?? found ?? "syslog");
  const explanations = explainRecords(feed, bytes, options);
  if (out.json) {
    for (const each of explanations)
      out.line(JSON.stringify({ ...explanationJson(each), ...(named === undefined ? { otherFeeds: others } : {}) }));
    return out.drained();
  }
  if (named === undefined) {
    const also = others.length > 0 ? `; ${others.join(", ")} would take it too` : "";
    out.line(found === undefined ? "no feed makes events of it; as syslog:" : `reads like ${found}${also}`);
  }
  for (const [i, each] of explanations.slice(0, maxShown).entries()) {
    if (i > 0 || named === undefined) out.line("");
    for (const line of explanationText(each)) out.line(line);
  }
  if (explanations.length === 0) out.line("no record in it");
  if (explanations.length > maxShown) out.say(`${explanations.length - maxShown} more records are not shown`);
  await out.drained();
}

function explanationJson({ raw, deadLetter, eventId, ...rest }: ExplainedRecord): Record<string, JsonValue> {
  const shown = { ...rest, fields: rest.fields.map((field) => ({ ...field })), raw: Buffer.from(raw).toString() };
  return deadLetter ? { ...shown, deadLetter: deadLetterToJson(deadLetter) } : { event_id: eventId ?? null, ...shown };
}

function explanationText({ table, raw, fields, deadLetter }: ExplainedRecord): string[] {
  const record = `record  ${visibleText(Buffer.from(raw).toString())}`;
  if (deadLetter)
    return [
      record,
      `dead letter: ${deadLetter.code}`,
      `  ${visibleText(deadLetter.reason)}`,
      "  docs/dead-letters.md says what to do about it.",
    ];
  const rows = fields.map(({ name, type, value, at }) => [
    Object.hasOwn(sevenFields, name) ? `${name} *` : name,
    valueText(type, value),
    type,
    at === null ? (value === null ? "" : "made") : `${at[0]}–${at[1]}`,
  ]);
  return [
    record,
    `event of ${table}; * are the standard fields, "made" is what the record writes differently or says in other words`,
    ...textTable(["field", "value", "type", "bytes"], rows),
  ];
}

function valueText(type: string, value: JsonValue): JsonValue {
  if (type === "timestamp" && typeof value === "number") return new Date(value).toISOString();
  return value === null || typeof value === "string" ? value : JSON.stringify(value);
}
