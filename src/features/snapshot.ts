import { createHash } from "node:crypto";
import { SoclabError } from "../core/index.ts";
import { BinaryReader, BinaryWriter } from "./binary.ts";
import { maxTimeMicros, noKey } from "./domain.ts";
import type { EntityState } from "./entity-state.ts";
import type { Layout } from "./layout.ts";
import type { PairTable } from "./pair-table.ts";
import type { FeaturePlan } from "./plan.ts";
import type { Symbols } from "./symbols.ts";
import type { TileWindow } from "./tile-window.ts";

const magic = 0x31_53_46_73; // "sFS1", little-endian
const digestLength = 32;

/**
 * The state of all entities as bytes: magic, definition hash, watermark, entities from the longest idle on, SHA-256 of all before. It says what is
 * remembered and not how it lies in memory: tiles oldest first, pairs longest untouched first, so that what is restored goes on bit for bit.
 */
export function writeSnapshot(plan: FeaturePlan, layout: Layout, state: EntityState, watermark: number): Uint8Array {
  const out = new BinaryWriter();
  out.uint32(magic);
  out.bytes(Buffer.from(plan.hash, "hex"));
  out.double(watermark);
  const keyTables = keyWriters(layout, state);
  const living = [...state.living()];
  out.uint32(living.length);
  for (const { entity, hasWindows } of living) {
    out.uint8(hasWindows ? 1 : 0);
    out.text(String(state.entities.valueOf(entity)));
    out.double(state.last[entity]!);
    out.double(state.before[entity]!);
    for (const window of state.windows) writeTiles(out, window, entity);
    for (const [i, table] of state.distincts.entries()) writePairs(out, table, entity, keyTables[layout.distincts[i]!.key]!);
    for (const [i, table] of state.firsts.entries()) writePairs(out, table, entity, keyTables[layout.firsts[i]!]!);
  }
  out.bytes(createHash("sha256").update(out.written()).digest());
  return out.written();
}

/**
 * Fills an empty state; returns the watermark.
 * @throws SOCLAB_INVALID_FILE
 */
export function readSnapshot(bytes: Uint8Array, plan: FeaturePlan, layout: Layout, state: EntityState): number {
  if (bytes.length < 4 + digestLength) damaged(`${bytes.length} bytes are too few`);
  const body = bytes.subarray(0, bytes.length - digestLength);
  const digest = createHash("sha256").update(body).digest();
  if (!digest.equals(bytes.subarray(body.length))) damaged("its checksum does not match");
  const input = new BinaryReader(body, damaged);
  if (input.uint32() !== magic) damaged("it does not start as one");
  const hash = Buffer.from(input.bytes(32)).toString("hex");
  if (hash !== plan.hash) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `the feature snapshot belongs to definition ${hash}, not to ${plan.hash}`, {
      hint: "Restore with the definition that it was written with, or warm up from history.",
    });
  }
  const watermark = input.double();
  if (!(watermark < maxTimeMicros)) damaged(`the watermark is ${watermark}`);
  const keyTables = keyReaders(layout, state);
  const count = input.uint32();
  let idleSince = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const hasWindows = input.uint8() === 1;
    const name = input.text();
    const last = input.double();
    const before = input.double();
    if (!(last >= 0 && last <= watermark) || before >= last || before < 0)
      damaged(`entity "${name}" was last seen at ${last}, before at ${before}`);
    if (hasWindows && last < idleSince) damaged("its entities are out of order");
    if (hasWindows) idleSince = last;
    const entity = state.revive(name, hasWindows, last, before);
    if (entity === undefined) damaged(`entity "${name}" is there twice`);
    for (const window of state.windows) readTiles(input, window, entity, last);
    state.distincts.forEach((table, d) => {
      const { key, tileMicros } = layout.distincts[d]!;
      readPairs(input, keyTables[key]!, Math.floor(last / tileMicros), true, (id, mark) => table.touch(entity, id, mark));
    });
    state.firsts.forEach((table, f) => {
      readPairs(input, keyTables[layout.firsts[f]!]!, last, false, (id, mark) => table.insert(entity, id, mark));
    });
  }
  if (!input.atEnd) damaged("something follows its end");
  return watermark;
}

function writeTiles(out: BinaryWriter, window: TileWindow, entity: number): void {
  const count = out.reserveUint32();
  let tiles = 0;
  window.forEachTile(entity, (tile, lanes) => {
    tiles += 1;
    out.double(tile);
    for (const lane of lanes) out.double(lane);
  });
  count(tiles);
}

function readTiles(input: BinaryReader, window: TileWindow, entity: number, last: number): void {
  const count = input.uint32();
  if (count > window.tiles) damaged(`a window of ${window.tiles} tiles has ${count}`);
  const lanes = new Float64Array(window.width);
  let previous = -1;
  for (let i = 0; i < count; i++) {
    const tile = input.double();
    if (!(Number.isInteger(tile) && tile > previous && tile <= Math.floor(last / window.tileMicros)))
      damaged(`tile ${tile} follows ${previous}`);
    previous = tile;
    for (let lane = 0; lane < lanes.length; lane++) lanes[lane] = input.double();
    for (let lane = 0; lane < window.sums; lane++) if (!Number.isSafeInteger(lanes[lane])) damaged(`a sum is ${lanes[lane]}`);
    for (let lane = window.sums; lane < lanes.length; lane++) if (Number.isNaN(lanes[lane])) damaged("a minimum is NaN");
    window.restoreTile(entity, tile, lanes);
  }
}

/** Writes a key: a number as it is, a symbol by its place in the snapshot, followed by its value where it comes first. */
type KeyWriter = (out: BinaryWriter, key: number) => void;
type KeyReader = (input: BinaryReader) => number;

function keyWriters(layout: Layout, state: EntityState): KeyWriter[] {
  const places = new Map<Symbols, Map<number, number>>();
  return layout.keys.map((_, i) => {
    const symbols = state.keySymbols[i];
    if (symbols === undefined) return (out, key) => out.uint32(key >>> 0);
    const known = places.get(symbols) ?? new Map<number, number>();
    places.set(symbols, known);
    return (out, key) => {
      const place = known.get(key) ?? known.size;
      out.uint32(place);
      if (known.has(key)) return;
      known.set(key, place);
      const value = symbols.valueOf(key);
      if (typeof value === "string") out.text(value);
      else out.double(value);
    };
  });
}

function keyReaders(layout: Layout, state: EntityState): KeyReader[] {
  const places = new Map<Symbols, (string | number)[]>();
  return layout.keys.map(({ column }, i) => {
    const symbols = state.keySymbols[i];
    if (symbols === undefined) return (input) => input.uint32() | 0;
    const known = places.get(symbols) ?? [];
    places.set(symbols, known);
    return (input) => {
      const place = input.uint32();
      if (place > known.length) damaged(`key ${place} of ${known.length}`);
      if (place === known.length) known.push(column.type === "string" ? input.text() : input.double());
      return symbols.hold(known[place]!);
    };
  });
}

function writePairs(out: BinaryWriter, table: PairTable, entity: number, writeKey: KeyWriter): void {
  out.uint32(table.counts[entity]!);
  table.forEach(entity, (key, mark) => {
    writeKey(out, key);
    out.double(mark);
  });
}

function readPairs(
  input: BinaryReader,
  readKey: KeyReader,
  newest: number,
  ascending: boolean,
  keep: (key: number, mark: number) => boolean,
): void {
  const count = input.uint32();
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const key = readKey(input);
    const mark = input.double();
    if (key === noKey || !(mark >= (ascending ? previous : 0) && mark <= newest))
      damaged(`key ${key} is marked ${mark}, after ${previous}`);
    if (!keep(key, mark)) damaged(`key ${key} is there twice`);
    previous = mark;
  }
}

function damaged(reason: string): never {
  throw new SoclabError("SOCLAB_INVALID_FILE", `this is no feature snapshot: ${reason}`, { hint: "Warm up from history instead." });
}
