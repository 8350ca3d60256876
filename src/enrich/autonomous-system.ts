import type { RangeTable } from "./range-table.ts";

/** Whom an address is announced by. */
export interface AutonomousSystem {
  /** 1 to 4294967295. */
  readonly number: number;
  readonly organisation: string | null;
}

/** Ranges of both families; a range's value is an index into `systems`. */
export interface AsnTable {
  readonly systems: readonly AutonomousSystem[];
  readonly v4: RangeTable;
  readonly v6: RangeTable;
}
