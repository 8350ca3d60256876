import { Reader } from "mmdb-lib";
import { SoclabError } from "../core/index.ts";
import type { Address } from "./address.ts";
import { readBytes } from "./text-file.ts";

/** A MaxMind DB file, checked as a whole when it was opened. */
export interface Mmdb {
  /** The record of the network that holds the address, or null. The same network gives the same object. */
  find(address: Address): unknown;
}

interface DecodedValue {
  value: unknown;
  offset: number;
}

/**
 * Opens a MaxMind DB file and walks all of it once (about 60 ms for the shipped 8 MB), so that a damaged one fails here and not in the middle
 * of a stream, and one of another kind too.
 *
 * @param holds - true for a record of the kind that is wanted; one at least must be
 * @param wanted - that kind, for the message: "countries"
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE
 * @see MaxMind DB File Format Specification v2.0
 */
export async function openMmdb(path: string, holds: (record: unknown) => boolean, wanted: string): Promise<Mmdb> {
  const bytes = await readBytes(path);
  let isWanted = false;
  let database: Mmdb;
  try {
    database = readMmdb(bytes, (record) => {
      isWanted ||= holds(record);
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no sound MaxMind DB file: ${reason}`, {
      cause,
      hint: "Fetch it again and compare its checksum.",
    });
  }
  if (!isWanted) throw new SoclabError("SOCLAB_INVALID_FILE", `${path} holds no ${wanted}`, { hint: `Name a database of ${wanted}.` });
  return database;
}

function readMmdb(bytes: Buffer, onRecord: (record: unknown) => void): Mmdb {
  const decoded = new Map<string | number, DecodedValue>();
  const cache = {
    get: (key: string | number) => decoded.get(key),
    set: (key: string | number, value: unknown) => void decoded.set(key, value as DecodedValue),
  };
  const reader = new Reader<never>(bytes, { cache });
  const { nodeCount, nodeByteSize, searchTreeSize, ipVersion, binaryFormatMajorVersion } = reader.metadata;
  if (binaryFormatMajorVersion !== 2) throw new Error(`its format version is ${binaryFormatMajorVersion}, expected 2`);
  if (ipVersion !== 4 && ipVersion !== 6) throw new Error(`its IP version is ${ipVersion}, expected 4 or 6`);
  if (!(Number.isSafeInteger(nodeCount) && nodeCount >= 0)) throw new Error(`its node count is ${nodeCount}`);
  if (searchTreeSize + 16 > bytes.length) throw new Error(`its search tree has ${searchTreeSize} bytes, the file ${bytes.length}`);
  checkTree(bytes, nodeCount, nodeByteSize, ipVersion === 4 ? 32 : 128, (address) => onRecord(reader.get(address)));
  return {
    find(address) {
      if (address.family === 6 && ipVersion === 4) return null;
      return reader.get(address.text);
    },
  };
}

/** Every record of the tree leads to a node, to nothing, or to data that decodes: each piece of data is looked up once by an address that has it. */
function checkTree(bytes: Buffer, nodeCount: number, nodeByteSize: number, bits: number, look: (address: string) => void): void {
  const half = nodeByteSize / 2;
  const dataSize = bytes.length - nodeCount * nodeByteSize;
  /** 2 × parent + side of each node, -1 where nothing leads to it. */
  const parents = new Int32Array(nodeCount).fill(-1);
  const data = new Map<number, number>();
  for (let branch = 0; branch < 2 * nodeCount; branch++) {
    const record = recordAt(bytes, (branch >>> 1) * nodeByteSize, half, branch & 1);
    if (record === 0) throw new Error(`node ${branch >>> 1} leads back to the root`);
    if (record < nodeCount) {
      if (parents[record] === -1) parents[record] = branch;
    } else if (record > nodeCount && !data.has(record)) {
      if (record < nodeCount + 16 || record - nodeCount >= dataSize)
        throw new Error(`node ${branch >>> 1} points to byte ${record - nodeCount} after the tree, where no data is`);
      data.set(record, branch);
    }
  }
  for (const last of data.values()) {
    const path: number[] = [];
    let branch = last;
    for (; branch >= 0 && path.length <= bits; branch = parents[branch >>> 1]!) {
      path.push(branch & 1);
      if (branch >>> 1 === 0) break;
    }
    if (path.length > bits) throw new Error(`its tree is deeper than the ${bits} bits of an address`);
    if (branch >= 0) look(addressOfPath(path.reverse(), bits));
  }
}

function addressOfPath(path: readonly number[], bits: number): string {
  const groupBits = bits === 32 ? 8 : 16;
  const groups = Array.from({ length: bits / groupBits }, (_, group) => {
    let value = 0;
    for (let bit = 0; bit < groupBits; bit++) value = value * 2 + (path[group * groupBits + bit] ?? 0);
    return value;
  });
  return bits === 32 ? groups.join(".") : groups.map((group) => group.toString(16)).join(":");
}

function recordAt(bytes: Buffer, at: number, half: number, side: number): number {
  if (half === 3.5) {
    const low = bytes.readUIntBE(at + side * 4, 3);
    const high = side === 0 ? bytes[at + 3]! >>> 4 : bytes[at + 3]! & 15;
    return high * 0x1000000 + low;
  }
  return bytes.readUIntBE(at + side * half, half);
}

/** A field of a record, undefined where there is none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
