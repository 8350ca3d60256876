import type { JsonLayout } from "../json/json-columns.ts";
import type { ScanRules } from "../json/json-scanner.ts";
import type { Json } from "../json/json-values.ts";
import type { SevenFieldSources } from "../seven-fields.ts";

/** A record as names and values, nested or not, before it is columns. */
export type FieldRecord = { [name: string]: Json };

/** How a feed's records become tables: which one a record belongs to, that table's layout, its standard fields. */
export interface RecordFeed {
  /** @throws Rejection where no table can be named */
  tableOf(record: FieldRecord): string;
  layoutOf(table: string): JsonLayout;
  /** Checks of the whole record. @throws Rejection */
  check?(record: FieldRecord): void;
  /**
   * Lets a JSON feed's records be read straight from their bytes, without `check` and `tableOf` seeing them: `tableOf` looks at nothing but the
   * text of the top-level key `tableKey` (or at nothing), and `check` lets every record pass where the top-level keys `texts` hold strings.
   */
  readonly scan?: ScanRules | undefined;
  readonly sevenFields: SevenFieldSources;
  /** The protocol of a table's events that name none. */
  protocolOf(table: string): string | null;
}
