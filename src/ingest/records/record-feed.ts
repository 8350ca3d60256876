import type { JsonLayout } from "../json/json-columns.ts";
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
  readonly sevenFields: SevenFieldSources;
  /** The protocol of a table's events that name none. */
  protocolOf(table: string): string | null;
}
