import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { decodeMessage, encodeMessage, type Header, type JsonObject, type Message, MessageError, newHeader } from "../protocol/message.ts";
import type { Connection } from "../session/messages.ts";
import { Channel } from "./channel.ts";
import { ClientError } from "./client-error.ts";
import { type ChannelName, channelAddress } from "./connection.ts";
import { type ExecuteOptions, Execution, type ExecutionResult } from "./execution.ts";
import { type Expectation, expectation } from "./expectation.ts";
import type { RequestOptions, SendOptions } from "./request-options.ts";

export type MessageChannel = Exclude<ChannelName, "hb">;

export type MessageListener = (message: Message, channel: MessageChannel) => void;

const requestTimeoutMs = 30_000;

/**
 * A client of one running kernel: it may be one of several.
 *
 * @example
 * const client = new KernelClient(readConnectionFile("kernel.json"));
 * await client.ready();
 * const { reply, outputs } = await client.execute("1 + 1");
 * client.close();
 */
export class KernelClient {
  readonly connection: Connection;
  /** Under it the kernel knows this client. */
  readonly session = randomUUID();
  readonly #username = usernameOf();
  readonly #channels: Readonly<Record<ChannelName, Channel>>;
  readonly #listeners = new Set<MessageListener>();
  readonly #faultListeners = new Set<(error: MessageError) => void>();
  readonly #replies = new Map<string, Expectation<Message>>();
  readonly #executions = new Map<string, Execution>();
  readonly #pings = new Map<string, Expectation<void>>();
  #hasHeardIopub = false;
  #ended: ClientError | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
    const dealer = (channel: "shell" | "control" | "stdin") =>
      Channel.dealer(channelAddress(connection, channel), this.session, (frames) => this.#receive(channel, frames));
    this.#channels = {
      shell: dealer("shell"),
      control: dealer("control"),
      stdin: dealer("stdin"),
      iopub: Channel.subscriber(channelAddress(connection, "iopub"), (frames) => this.#receive("iopub", frames)),
      hb: Channel.dealer(channelAddress(connection, "hb"), `${this.session}-hb`, (frames) => this.#receivePong(frames)),
    };
  }

  /**
   * Waits until requests are answered and iopub, whose subscription takes its time, is heard.
   * @returns the `kernel_info_reply`
   */
  async ready(options: { readonly timeoutMs?: number } = {}): Promise<Message> {
    const deadline = performance.now() + (options.timeoutMs ?? requestTimeoutMs);
    for (;;) {
      const timeoutMs = Math.max(1, deadline - performance.now());
      const info = await this.request("shell", "kernel_info_request", {}, { timeoutMs });
      if (this.#hasHeardIopub || (await this.#hearsIopub(Math.min(200, timeoutMs)))) return info;
      if (performance.now() >= deadline) throw new ClientError("timeout", "the kernel answers, but nothing of it arrives on iopub");
    }
  }

  /** Sends without waiting for an answer: `comm_msg`, `input_reply`. */
  send(channel: "shell" | "control" | "stdin", type: string, content: JsonObject, options: SendOptions = {}): Header {
    if (this.#ended) throw this.#ended;
    const { metadata = {}, buffers = [], subshell, parentHeader = {} } = options;
    const own = newHeader(type, this.session, this.#username);
    const header = subshell === undefined ? own : { ...own, subshell_id: subshell };
    const message = { identities: [], header, parentHeader, metadata, content, buffers };
    this.#channels[channel].send(encodeMessage(message, this.connection.key));
    return header;
  }

  /** Sends a request and waits for its reply, whatever its status. */
  async request(channel: "shell" | "control", type: string, content: JsonObject = {}, options: RequestOptions = {}): Promise<Message> {
    const header = this.send(channel, type, content, options);
    const { timeoutMs = requestTimeoutMs, signal } = options;
    const reply = expectation<Message>({ timeoutMs, signal, waitedFor: `a reply to ${type} on ${channel}` });
    this.#replies.set(header.msg_id, reply);
    try {
      return await reply.promise;
    } finally {
      this.#replies.delete(header.msg_id);
    }
  }

  /**
   * Runs code and waits for the reply and for the `idle` that follows its last output. An error of the code is in the result,
   * not thrown.
   */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecutionResult> {
    const { silent = false, storeHistory = !silent, userExpressions = {}, stopOnError = true, onInput } = options;
    const header = this.send(
      "shell",
      "execute_request",
      {
        code,
        silent,
        store_history: storeHistory,
        user_expressions: userExpressions,
        allow_stdin: onInput !== undefined,
        stop_on_error: stopOnError,
      },
      options,
    );
    options.onSent?.(header);
    const execution = new Execution(options);
    this.#executions.set(header.msg_id, execution);
    try {
      return await execution.result;
    } finally {
      this.#executions.delete(header.msg_id);
    }
  }

  /** Asks the kernel to stop what runs. @returns its `interrupt_reply` */
  async interrupt(options: RequestOptions = {}): Promise<Message | undefined> {
    return this.request("control", "interrupt_request", {}, options);
  }

  /** @returns whether the kernel's heartbeat answers within `timeoutMs` (1000) */
  async isAlive(options: { readonly timeoutMs?: number } = {}): Promise<boolean> {
    if (this.#ended) return false;
    const id = randomUUID();
    const pong = expectation<void>({ timeoutMs: options.timeoutMs ?? 1000, signal: undefined, waitedFor: "a heartbeat" });
    this.#pings.set(id, pong);
    // The empty frame is the one that a REQ socket would send: a REP socket in the kernel expects it.
    this.#channels.hb.send([Buffer.alloc(0), Buffer.from(id)]);
    try {
      await pong.promise;
      return true;
    } catch {
      return false;
    } finally {
      this.#pings.delete(id);
    }
  }

  /** Every message that arrives, of whatever client's request, in the order of arrival. @returns a function that stops it */
  onMessage(listener: MessageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Frames that arrived and are no message of this connection. @returns a function that stops it */
  onFault(listener: (error: MessageError) => void): () => void {
    this.#faultListeners.add(listener);
    return () => this.#faultListeners.delete(listener);
  }

  /** Closes the sockets; whoever still waits gets a {@link ClientError}. The kernel goes on. */
  close(): void {
    if (this.#ended?.fault === "closed") return;
    this.abandon(new ClientError("closed", "the client was closed"));
    for (const channel of Object.values(this.#channels)) channel.close();
  }

  /** Rejects all that waits: the kernel will not answer any more. */
  protected abandon(error: ClientError): void {
    this.#ended = error;
    for (const waiting of [this.#replies, this.#executions, this.#pings]) for (const one of waiting.values()) one.reject(error);
  }

  /** The kernel was started again: requests are answered, iopub has to be heard anew. */
  protected resume(): void {
    this.#ended = undefined;
    this.#hasHeardIopub = false;
  }

  #receive(channel: MessageChannel, frames: readonly Buffer[]): void {
    let message: Message;
    try {
      message = decodeMessage(frames, this.connection.key);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      for (const listener of this.#faultListeners) listener(error);
      return;
    }
    if (channel === "iopub") this.#hasHeardIopub = true;
    for (const listener of this.#listeners) listener(message, channel);
    const parent = message.parentHeader.msg_id;
    if (parent === undefined) return;
    if (channel === "iopub") this.#executions.get(parent)?.addPublished(message);
    else if (channel === "stdin") void this.#answerInput(parent, message);
    else {
      this.#replies.get(parent)?.resolve(message);
      this.#executions.get(parent)?.addReply(message);
    }
  }

  async #answerInput(parent: string, asked: Message): Promise<void> {
    const execution = this.#executions.get(parent);
    if (asked.header.msg_type !== "input_request" || !execution) return;
    try {
      const value = await execution.answerInput(String(asked.content.prompt ?? ""), asked.content.password === true);
      if (!this.#ended) this.send("stdin", "input_reply", { status: "ok", value }, { parentHeader: asked.header });
    } catch (error) {
      execution.reject(error);
    }
  }

  #receivePong(frames: readonly Buffer[]): void {
    this.#pings.get(frames.at(-1)?.toString() ?? "")?.resolve();
  }

  #hearsIopub(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const stop = this.onMessage((_message, channel) => {
        if (channel === "iopub") done(true);
      });
      const timer = setTimeout(() => done(false), timeoutMs);
      const done = (isHeard: boolean) => {
        clearTimeout(timer);
        stop();
        resolve(isHeard);
      };
    });
  }
}

function usernameOf(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under an id without a name.
    return "username";
  }
}
