import type { Columns } from "../types.ts";

/**
 * An assertion: what somebody says of an event, a flow, an entity over some time, or everything that a condition finds. The standard columns
 * hold the flow's ends and the label with its source, confidence and the time it became known; a tag stands beside the label or alone.
 */
export const labelsColumns = {
  about: "string",
  about_table: "string",
  about_event_id: "string",
  about_column: "string",
  about_value: "string",
  about_where: "string",
  about_from: "timestamp",
  about_until: "timestamp",
  tag: "string",
  note: "string",
} as const satisfies Columns;
