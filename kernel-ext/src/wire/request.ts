import type { JsonObject, Message } from "../protocol/message.ts";
import type { Channel, Sockets } from "./sockets.ts";

/** A request of a front end, and the ways in which it is answered. */
export class Request {
  /** Outputs name the request that they belong to by it. */
  readonly owner: number;
  readonly channel: Channel;
  readonly message: Message;
  readonly receivedMs = performance.now();
  readonly #sockets: Sockets;

  constructor(owner: number, channel: Channel, message: Message, sockets: Sockets) {
    this.owner = owner;
    this.channel = channel;
    this.message = message;
    this.#sockets = sockets;
  }

  get type(): string {
    return this.message.header.msg_type;
  }

  get content(): JsonObject {
    return this.message.content;
  }

  text(name: string): string | undefined {
    const value = this.content[name];
    return typeof value === "string" ? value : undefined;
  }

  flag(name: string, standard: boolean): boolean {
    const value = this.content[name];
    return typeof value === "boolean" ? value : standard;
  }

  integer(name: string): number | undefined {
    const value = this.content[name];
    return typeof value === "number" && Number.isFinite(value)
      ? Math.trunc(Math.max(Number.MIN_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER)))
      : undefined;
  }

  reply(content: JsonObject, metadata: JsonObject = {}): void {
    const { header, identities } = this.message;
    this.#sockets.send(this.channel, header.msg_type.replace(/_request$/, "_reply"), content, { identities, parent: header, metadata });
  }

  fail(message: string, ename = "RequestError"): void {
    this.reply({ status: "error", ename, evalue: message, traceback: [] });
  }

  publish(type: string, content: JsonObject, options: { metadata?: JsonObject; buffers?: readonly Uint8Array[] } = {}): void {
    this.#sockets.send("iopub", type, content, { identities: [Buffer.from(type)], parent: this.message.header, ...options });
  }

  status(state: "busy" | "idle"): void {
    this.publish("status", { execution_state: state });
  }
}
