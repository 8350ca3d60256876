import type { ClassLabel } from "./labels.ts";

interface Said {
  readonly label?: ClassLabel | undefined;
  /** A behaviour's name: "beaconing", "lateral movement". */
  readonly tag?: string | undefined;
  /** Who says so: `verdict:ada`, `label-file:NAME`, `tag:ada`. */
  readonly source: string;
  /** 0–1; 1 where it is not given. */
  readonly confidence?: number | undefined;
  /** When it became known, ISO 8601. */
  readonly known_at: string;
  readonly note?: string | undefined;
}

interface During {
  /** ISO 8601; open where it is not given. `until` is exclusive. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** What somebody says of some events. */
export type LabelAssertion = Said &
  (
    | { readonly about: "event"; readonly event_id: string; readonly table?: string | undefined }
    | {
        readonly about: "flow";
        readonly src: string;
        readonly dst: string;
        readonly src_port?: number | undefined;
        readonly dst_port?: number | undefined;
        readonly protocol?: string | undefined;
        readonly from: string;
        readonly until: string;
        readonly table?: string | undefined;
      }
    /** `column` is one of the table's, or `address`: source or destination. */
    | ({ readonly about: "entity"; readonly column: string; readonly value: string; readonly table?: string | undefined } & During)
    /** `where` is a condition in SQL over the table's columns. */
    | ({
        readonly about: "query";
        readonly table: string;
        readonly where: string;
        readonly column?: string;
        readonly value?: string;
      } & During)
  );
