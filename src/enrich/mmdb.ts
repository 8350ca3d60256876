import { Reader } from "mmdb-lib";
import { SoclabError } from "../core/index.ts";
import type { Address } from "./address.ts";
import { readBytes } from "./text-file.ts";

/** A MaxMind DB file, checked as a whole when it was opened. */
export interface Mmdb {
  readonly databaseType: string;
  /** Epoch milliseconds of its build. */
  readonly builtAt: number;
  /** The record of the network that holds the address, or null. The same network gives the same object. */
  find(address: Address): unknown;
}

interface DecodedValue {
  value: unknown;
  offset: number;
}

/**
 * Opens a MaxMind DB file and walks all of it once (about 60 ms for the shipped 8 MB), so that a damaged one fails here and not in the middle
 * of a stream.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE
 * @see MaxMind DB File Format Specification v2.0
 */
export async function openMmdb(path: string): Promise<Mmdb> {
  const bytes = await readBytes(path);
  try {
    return readMmdb(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no sound MaxMind DB file: ${reason}`, {
      cause,
      hint: "Fetch it again and compare its checksum.",
    });
  }
}

function readMmdb(bytes: Buffer): Mmdb {
  const decoded = new Map<string | number, DecodedValue>();
  const cache = {
    get: (key: string | number) => decoded.get(key),
    set: (key: string | number, value: unknown) => void decoded.set(key, value as DecodedValue),
  };
  const reader = new Reader<never>(bytes, { cache });
  const { nodeCount, nodeByteSize, searchTreeSize, ipVersion, databaseType, buildEpoch, binaryFormatMajorVersion } = reader.metadata;
  if (binaryFormatMajorVersion !== 2) throw new Error(`its format version is ${binaryFormatMajorVersion}, expected 2`);
  if (ipVersion !== 4 && ipVersion !== 6) throw new Error(`its IP version is ${ipVersion}, expected 4 or 6`);
  if (!(Number.isSafeInteger(nodeCount) && nodeCount >= 0)) throw new Error(`its node count is ${nodeCount}`);
  if (searchTreeSize + 16 > bytes.length) throw new Error(`its search tree has ${searchTreeSize} bytes, the file ${bytes.length}`);
  checkTree(bytes, nodeCount, nodeByteSize, (record) => void reader.resolveDataPointer(record));
  return {
    databaseType,
    builtAt: buildEpoch.getTime(),
    find(address) {
      if (address.family === 6 && ipVersion === 4) return null;
      return reader.get(address.text);
    },
  };
}

/** Every record of the tree leads to a node, to nothing, or to data that decodes. */
function checkTree(bytes: Buffer, nodeCount: number, nodeByteSize: number, decode: (record: number) => void): void {
  const half = nodeByteSize / 2;
  const seen = new Set<number>();
  for (let node = 0; node < nodeCount; node++) {
    for (let side = 0; side < 2; side++) {
      const record = recordAt(bytes, node * nodeByteSize, half, side);
      if (record <= nodeCount || seen.has(record)) continue;
      seen.add(record);
      if (record < nodeCount + 16) throw new Error(`node ${node} points into the separator before the data`);
      if (record - nodeCount + nodeCount * nodeByteSize >= bytes.length) throw new Error(`node ${node} points past the end of the file`);
      decode(record);
    }
  }
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
