import { Router, XPublisher } from "zeromq";
import { decodeMessage, encodeMessage, type Header, type JsonObject, type Message, MessageError, newHeader } from "../protocol/message.ts";
import type { Connection } from "../session/messages.ts";

export type Channel = "shell" | "control" | "stdin";

/** Larger messages than this are refused while they arrive, before they take memory. */
const maxMessageBytes = 512 * 2 ** 20;
/** Further ones are dropped: a front end that reads none of its replies must not fill the memory. */
const unreadReplies = 10_000;
const rememberedSignatures = 65_536;

export interface SocketsOptions {
  readonly connection: Connection;
  readonly session: string;
  onMessage(channel: Channel, message: Message): void;
  /** Awaited before the next message of a channel is read. */
  room(channel: Channel): Promise<void> | undefined;
  /** Frames that are no message of this session: forged, garbled, or sent twice. They have no other effect. */
  onRefused(channel: Channel, reason: string): void;
  onSubscribe(topic: string): void;
}

/** The five sockets of a kernel. Sending never waits: each socket has a queue. */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #routers: Record<Channel, Router>;
  readonly #heartbeat = new Router({ linger: 0, handover: true });
  readonly #iopub = new XPublisher({ linger: 1000, sendHighWaterMark: 0, verbosity: "allSubs" });
  readonly #queues = new Map<Router | XPublisher, Uint8Array[][]>();
  readonly #seen = new Set<string>();

  constructor(options: SocketsOptions) {
    this.#options = options;
    const router = () => new Router({ linger: 1000, handover: true, sendHighWaterMark: unreadReplies, maxMessageSize: maxMessageBytes });
    this.#routers = { shell: router(), control: router(), stdin: router() };
  }

  /** Messages that wait to be sent. */
  get unsent(): number {
    let count = 0;
    for (const queue of this.#queues.values()) count += queue.length;
    return count;
  }

  /** Binds all sockets, and reads from then on. */
  async open(): Promise<void> {
    const { transport, ip, shell_port, control_port, stdin_port, hb_port, iopub_port } = this.#options.connection;
    const address = (port: number): string => (transport === "tcp" ? `tcp://${ip}:${port}` : `ipc://${ip}-${port}`);
    await Promise.all([
      this.#iopub.bind(address(iopub_port)),
      this.#heartbeat.bind(address(hb_port)),
      this.#routers.control.bind(address(control_port)),
      this.#routers.stdin.bind(address(stdin_port)),
      this.#routers.shell.bind(address(shell_port)),
    ]);
    for (const channel of ["control", "stdin", "shell"] as const) void this.#read(channel);
    void this.#echo();
    void this.#subscriptions();
  }

  /** @param identities - whom an answer goes to; for iopub its topic */
  send(channel: Channel | "iopub", type: string, content: JsonObject, options: SendOptions = {}): void {
    const { identities = [], parent = {}, metadata = {}, buffers = [] } = options;
    const header = newHeader(type, this.#options.session, "kernel");
    const frames = encodeMessage({ identities, header, parentHeader: parent, metadata, content, buffers }, this.#options.connection.key);
    this.#enqueue(channel === "iopub" ? this.#iopub : this.#routers[channel], frames);
  }

  /** Closes the sockets when what was sent is on its way. */
  async close(): Promise<void> {
    while ([...this.#queues.values()].some((queue) => queue.length > 0)) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) socket.close();
  }

  #enqueue(socket: Router | XPublisher, frames: Uint8Array[]): void {
    const queue = this.#queues.get(socket);
    if (queue && queue.length > 0) {
      queue.push(frames);
      return;
    }
    const fresh = queue ?? [];
    this.#queues.set(socket, fresh);
    fresh.push(frames);
    void this.#drain(socket, fresh);
  }

  async #drain(socket: Router | XPublisher, queue: Uint8Array[][]): Promise<void> {
    for (let next = queue[0]; next; next = queue[0]) {
      try {
        await socket.send(next);
      } catch (error) {
        if (socket.closed) return void queue.splice(0);
        this.#options.onRefused("shell", `a message could not be sent: ${String(error)}`);
      }
      queue.shift();
    }
  }

  async #read(channel: Channel): Promise<void> {
    const { key } = this.#options.connection;
    for await (const frames of this.#routers[channel]) {
      await this.#options.room(channel);
      try {
        const message = decodeMessage(frames, key);
        if (key !== "") this.#refuseRepeated(frames, message);
        this.#options.onMessage(channel, message);
      } catch (error) {
        // Whatever one message does, the next one is read.
        this.#options.onRefused(channel, error instanceof Error ? error.message : String(error));
      }
    }
  }

  /** Who records a signed message may not send it again. */
  #refuseRepeated(frames: readonly Buffer[], { identities }: Message): void {
    const signature = frames[identities.length + 1]?.toString("latin1") ?? "";
    if (this.#seen.has(signature)) throw new MessageError("bad-signature", "a message with this signature was received before");
    this.#seen.add(signature);
    if (this.#seen.size > rememberedSignatures) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) this.#enqueue(this.#heartbeat, frames);
  }

  async #subscriptions(): Promise<void> {
    for await (const [frame] of this.#iopub) {
      if (frame?.[0] === 1) this.#options.onSubscribe(frame.toString("utf8", 1));
    }
  }
}

export interface SendOptions {
  readonly identities?: readonly Uint8Array[];
  readonly parent?: Header | Record<string, never>;
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
}
