import { lineError, quoted } from "./text-file.ts";

/** A record of a CSV file with the line it starts at. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * The records of a CSV text (RFC 4180: quoted fields, doubled quotes, line breaks inside quotes; LF or CRLF). Blank lines are skipped.
 * @throws SOCLAB_INVALID_FILE for a quote that is not closed, or text after a closing quote
 */
export function* csvRecords(text: string, path: string): Generator<CsvRecord> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const startLine = line;
    const fields: string[] = [];
    for (;;) {
      let field: string;
      if (text[at] === '"') {
        field = "";
        let from = at + 1;
        for (;;) {
          const quote = text.indexOf('"', from);
          if (quote < 0)
            throw lineError(path, startLine, "a quoted field is not closed", 'Close it with ", or double a quote that is part of it.');
          field += text.slice(from, quote);
          at = quote + 1;
          if (text[at] !== '"') break;
          field += '"';
          from = at + 1;
        }
        for (let i = 0; i < field.length; i++) if (field.charCodeAt(i) === 10) line++;
        if (at < text.length && text[at] !== "," && text[at] !== "\n" && text[at] !== "\r")
          throw lineError(
            path,
            line,
            `${quoted(text.slice(at, at + 20))} follows a closing quote, expected a comma or the end of the line`,
          );
      } else {
        const from = at;
        while (at < text.length && text[at] !== "," && text[at] !== "\n" && text[at] !== "\r") at++;
        field = text.slice(from, at);
      }
      fields.push(field);
      if (text[at] !== ",") break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    if (fields.length > 1 || fields[0] !== "") yield { line: startLine, fields };
  }
}
