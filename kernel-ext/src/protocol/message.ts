import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** Version of Jupyter's messaging protocol that is spoken here. */
export const protocolVersion = "5.4";

/** The header of a message, with the names that it has on the wire. What else a sender puts into it is kept. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly version: string;
  /** The subshell (JEP 91) that a shell request is for; absent or null is the main shell. */
  readonly subshell_id?: string | null;
}

/** JSON objects of the wire: nothing is known about them but that they are objects. */
export type JsonObject = { readonly [name: string]: unknown };

/** One message of Jupyter's wire protocol. */
export interface Message {
  /** Routing: what a ROUTER put before the message, or the topic of an iopub message. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  /** The header of the message that caused this one; empty where none did. */
  readonly parentHeader: Header | Record<string, never>;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  /** Binary data beside the JSON, such as the arrays of a widget. */
  readonly buffers: readonly Uint8Array[];
}

/** What is wrong with frames that are no message. */
export type MessageFault =
  | "no-delimiter"
  | "too-few-frames"
  | "bad-signature"
  | "invalid-json"
  | "invalid-header"
  | "not-serializable"
  | "unknown-scheme";

/** Frames that are no message, or a message that cannot be made into frames. */
export class MessageError extends Error {
  override readonly name = "MessageError";
  readonly fault: MessageFault;

  constructor(fault: MessageFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

const delimiter = Buffer.from("<IDS|MSG>");
const unsigned = Buffer.alloc(0);
const signedFrames = 4;

/** @returns a header with an id and date of its own */
export function newHeader(type: string, session: string, username: string): Header {
  return { msg_id: randomUUID(), msg_type: type, session, username, date: new Date().toISOString(), version: protocolVersion };
}

/** @throws MessageError for a scheme other than `hmac-sha256`, the one that Jupyter uses; an empty key signs nothing, whatever the scheme */
export function checkSignatureScheme(scheme: string, key: string): void {
  if (key === "" || scheme === "hmac-sha256") return;
  throw new MessageError("unknown-scheme", `signature scheme "${scheme}" is not known; messages are signed with "hmac-sha256"`);
}

/**
 * The frames of a message: identities, delimiter, signature, four of JSON, buffers.
 *
 * @param key - the connection's key; empty: the message is not signed
 * @throws MessageError where the message holds what JSON cannot (a cycle, a bigint)
 */
export function encodeMessage(message: Message, key: string): Uint8Array[] {
  const { header, parentHeader, metadata, content, identities, buffers } = message;
  const parts = [encodeJson(header), encodeJson(parentHeader), encodeJson(metadata), encodeJson(content)];
  return [...identities, delimiter, signature(parts, key), ...parts, ...buffers];
}

/**
 * Reads the frames of a message. Nothing of it is parsed before its signature was found right.
 *
 * @throws MessageError with the fault
 */
export function decodeMessage(frames: readonly Buffer[], key: string): Message {
  const at = frames.findIndex((frame) => frame.equals(delimiter));
  if (at < 0) throw new MessageError("no-delimiter", `no frame of ${frames.length} is the delimiter <IDS|MSG>`);
  const [given, header, parent, metadata, content] = frames.slice(at + 1, at + 2 + signedFrames);
  if (!given || !header || !parent || !metadata || !content) {
    throw new MessageError(
      "too-few-frames",
      `${frames.length - at - 1} frames follow the delimiter; a message has at least ${1 + signedFrames}`,
    );
  }
  const expected = signature([header, parent, metadata, content], key);
  if (key !== "" && (given.length !== expected.length || !timingSafeEqual(given, expected))) {
    throw new MessageError("bad-signature", "the signature is not that of this connection's key");
  }
  return {
    identities: frames.slice(0, at),
    header: toHeader(decodeJson(header, "header")),
    parentHeader: toParentHeader(decodeJson(parent, "parent header")),
    metadata: decodeJson(metadata, "metadata"),
    content: decodeJson(content, "content"),
    buffers: frames.slice(at + 2 + signedFrames),
  };
}

function signature(parts: readonly Uint8Array[], key: string): Buffer {
  if (key === "") return unsigned;
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return Buffer.from(hmac.digest("hex"), "latin1");
}

function encodeJson(value: object): Buffer {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch (error) {
    throw new MessageError("not-serializable", `JSON cannot hold the message: ${reasonOf(error)}`, { cause: error });
  }
}

function decodeJson(frame: Buffer, part: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString());
  } catch (error) {
    throw new MessageError("invalid-json", `the ${part} is not JSON: ${reasonOf(error)}`, { cause: error });
  }
  if (!isJsonObject(value)) throw new MessageError("invalid-json", `the ${part} is ${describe(value)}; it must be a JSON object`);
  return value;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toHeader(fields: JsonObject): Header {
  const { msg_id, msg_type, session = "", username = "", date = "", version = "", subshell_id } = fields;
  if (typeof msg_id !== "string") throw wrongField("msg_id", msg_id);
  if (typeof msg_type !== "string") throw wrongField("msg_type", msg_type);
  if (typeof session !== "string") throw wrongField("session", session);
  if (typeof username !== "string") throw wrongField("username", username);
  if (typeof date !== "string") throw wrongField("date", date);
  if (typeof version !== "string") throw wrongField("version", version);
  if (subshell_id !== undefined && subshell_id !== null && typeof subshell_id !== "string") throw wrongField("subshell_id", subshell_id);
  const header = { ...fields, msg_id, msg_type, session, username, date, version };
  return subshell_id === undefined ? header : { ...header, subshell_id };
}

function toParentHeader(fields: JsonObject): Header | Record<string, never> {
  for (const _ in fields) return toHeader(fields);
  return {};
}

function wrongField(field: string, value: unknown): MessageError {
  return new MessageError("invalid-header", `the header's ${field} is ${describe(value)}; it must be a string`);
}

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  return Array.isArray(value) ? "an array" : (JSON.stringify(value) ?? "nothing").slice(0, 100);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
