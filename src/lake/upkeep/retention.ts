import { z } from "zod";
import { SoclabError, type WorkOptions } from "../../core/index.ts";
import type { LakeFile } from "../lake-file.ts";
import { deadLetterTable } from "../layout.ts";
import type { LakeWriter } from "../writer.ts";

const dayMicros = 86_400_000_000;

const day = z.iso.date();
const keep = z.strictObject({ days: z.int().min(1).max(100_000) });

const retentionPolicySchema = z
  .strictObject({
    /** Tables that have no line of their own; without it they are kept for ever. */
    default: keep.optional(),
    tables: z.record(z.string(), z.union([keep, z.literal("forever")])).default({}),
    /** What stays whatever its age: days `from` to `to`, both included. */
    holds: z.array(z.strictObject({ table: z.string().optional(), from: day, to: day, reason: z.string().min(1) })).default([]),
  })
  .refine(({ holds }) => holds.every(({ from, to }) => from <= to), { message: "a hold must not end before it begins", path: ["holds"] });

/** How long the events of each table stay in a lake. */
export type RetentionPolicy = z.output<typeof retentionPolicySchema>;

/**
 * Checks what a user wrote.
 * @throws SOCLAB_INVALID_DEFINITION naming the place
 */
export function retentionPolicyOf(value: unknown, name = "the retention policy"): RetentionPolicy {
  const parsed = retentionPolicySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue!.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
  throw new SoclabError("SOCLAB_INVALID_DEFINITION", `${name}: ${place === "" ? "" : `${place}: `}${issue!.message}`, {
    hint: 'For example {"default": {"days": 365}, "tables": {"conn": {"days": 30}, "windows": "forever"}}.',
  });
}

export interface RetentionOptions extends WorkOptions {
  /** The end of the time that is counted back from; default: now. */
  readonly now?: Date | undefined;
}

export interface ExpiredFiles {
  readonly table: string;
  /** Events before this UTC day go. */
  readonly before: string;
  readonly files: readonly LakeFile[];
  readonly rows: number;
  readonly bytes: number;
  /** Files that would go and are held, with the reasons. */
  readonly held: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Files of which every event is older than the policy keeps its table. An event's age is that of its day, in UTC; without a timestamp, and for dead
 * letters, it counts from when it came into the lake.
 */
export function expiredFiles(
  files: readonly LakeFile[],
  policy: RetentionPolicy,
  { now = new Date() }: RetentionOptions = {},
): ExpiredFiles[] {
  const today = Math.floor((now.getTime() * 1000) / dayMicros);
  const expired: ExpiredFiles[] = [];
  for (const [table, own] of Map.groupBy(files, (file) => file.table)) {
    const rule = Object.hasOwn(policy.tables, table) ? policy.tables[table]! : (policy.default ?? "forever");
    if (rule === "forever") continue;
    const before = (today - rule.days) * dayMicros;
    const old = own.filter((file) => lastMicros(file) < before);
    const held = old.flatMap((file) => {
      const hold = policy.holds.find((one) => (one.table ?? table) === table && overlaps(file, one));
      return hold ? [{ path: file.path, reason: hold.reason }] : [];
    });
    const kept = new Set(held.map(({ path }) => path));
    const gone = old.filter(({ path }) => !kept.has(path));
    if (old.length === 0) continue;
    const sum = (of: (file: LakeFile) => number) => gone.reduce((total, file) => total + of(file), 0);
    expired.push({ table, before: dayText(before), files: gone, rows: sum(({ rows }) => rows), bytes: sum(({ bytes }) => bytes), held });
  }
  return expired;
}

/**
 * Takes expired files out of the lake, all in one commit. Their hashes stay in the log, so that the rest can still be verified.
 * @returns what went
 */
export async function applyRetention(writer: LakeWriter, policy: RetentionPolicy, options: RetentionOptions = {}): Promise<ExpiredFiles[]> {
  const expired = expiredFiles(writer.files(), policy, options);
  const files = expired.flatMap((one) => one.files);
  if (files.length > 0) await writer.replace({ remove: files, reason: "retention" });
  return expired;
}

function lastMicros({ table, maxTimestamp, arrived }: LakeFile): number {
  return table === deadLetterTable || maxTimestamp === null ? Date.parse(arrived) * 1000 : maxTimestamp;
}

function overlaps(file: LakeFile, { from, to }: { readonly from: string; readonly to: string }): boolean {
  const last = dayText(lastMicros(file));
  const first = file.table === deadLetterTable || file.minTimestamp === null ? last : dayText(file.minTimestamp);
  return first <= to && last >= from;
}

function dayText(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 10);
}
