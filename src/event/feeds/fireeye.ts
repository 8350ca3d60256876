import type { Columns } from "../types.ts";
import { cefColumns } from "./cef.ts";

/** FireEye's notifications: CEF's columns for all forms, and what only FireEye has. */
export const fireeyeColumns = {
  ...cefColumns,
  /** The number in `fenotify-851983.2.alert`. */
  alert_id: "string",
  /** The part of a notification in several lines: 2 in the example above. */
  alert_part: "integer",
  /** `cef`, `leef`, `json`, `csv`, `xml`, `text`. */
  notification_format: "string",
  malware: "string",
  cncHost: "string",
  cncPort: "integer",
  alert_url: "string",
  message: "string",
} as const satisfies Columns;
