import { randomUUID } from "node:crypto";
import type { Debugger, DebugRequest } from "../debugger/target.ts";
import type { Header, JsonObject, Message } from "../protocol/message.ts";
import type { FromMain, ToMain } from "../session/messages.ts";
import type { TypesService } from "../types/service.ts";
import type { CellRunner } from "./cell-runner.ts";
import { codePointsOf, unitsOf } from "./code-points.ts";
import { CommRequests, isCommType } from "./comm-requests.ts";
import type { History } from "./history.ts";
import { answerHistory } from "./history-request.ts";
import { Request } from "./request.ts";
import { ShellQueue } from "./shell-queue.ts";
import type { Channel, Sockets } from "./sockets.ts";
import { usage } from "./usage.ts";

export interface ServerOptions {
  readonly sockets: Sockets;
  readonly cells: CellRunner;
  readonly types: TypesService;
  readonly debug: Debugger;
  readonly history: () => Promise<History>;
  readonly info: JsonObject;
  /** For `connect_request`. */
  readonly ports: JsonObject;
  post(message: ToMain): void;
  interrupt(reason: string): Promise<void>;
  /** An answer of the front end to `prompt()`. */
  input(value: string): void;
  settle(): void;
  shutdown(): Promise<void>;
}

const rememberedRequests = 10_000;
const mostWaiting = 10_000;
const quietMs = 10;
const gatherMs = 200;

/** Answers the messages of front ends. */
export class Server {
  readonly #options: ServerOptions;
  readonly #queues = new Map<string, ShellQueue>([["", new ShellQueue()]]);
  readonly #parents = new Map<number, Header>();
  readonly #comms: CommRequests;
  readonly #executing = new Set<Promise<void>>();
  #owners = 0;
  /** Shell requests, cells apart, that were received and not answered yet. */
  #waiting = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#comms = new CommRequests(options.post);
  }

  parentOf(owner: number): Header | Record<string, never> {
    return this.#parents.get(owner) ?? {};
  }

  get latestOwner(): number {
    return this.#options.cells.live[0]?.owner ?? this.#owners;
  }

  receive(channel: Channel, message: Message): void {
    const request = new Request(++this.#owners, channel, message, this.#options.sockets);
    if (channel === "stdin") {
      if (message.header.msg_type === "input_reply") this.#options.input(request.text("value") ?? "");
      return;
    }
    this.#parents.set(request.owner, message.header);
    if (this.#parents.size > rememberedRequests) {
      const [oldest] = this.#parents.keys();
      if (oldest !== undefined) this.#parents.delete(oldest);
    }
    if (channel === "control") void this.#busy(request, () => this.#control(request));
    else this.#shell(request);
  }

  /** Comm messages that were given to the main thread are no longer waited for: what handled them was interrupted. */
  endHandling(): void {
    this.#comms.endHandling();
  }

  #shell(request: Request): void {
    const queue = this.#queues.get(request.message.header.subshell_id ?? "");
    if (!queue) return void this.#busy(request, () => request.fail(`there is no subshell "${request.message.header.subshell_id}"`));
    if (request.type === "execute_request") queue.addCell(() => this.#busy(request, () => this.#execute(request, queue)));
    // The main thread handles comm messages in their order; no other request waits for it.
    else if (isCommType(request.type)) queue.add(() => void this.#counted(this.#busy(request, () => this.#comms.handle(request))));
    else queue.add(() => this.#counted(this.#busy(request, () => this.#answer(request))));
    if (request.type !== "execute_request") this.#waiting += 1;
  }

  async #counted(answered: Promise<void>): Promise<void> {
    await answered;
    this.#waiting -= 1;
  }

  /** Settles when few enough requests wait, cells apart: whoever sends more than can be answered is read more slowly. */
  async room(): Promise<void> {
    while (this.#waiting > mostWaiting || this.#options.sockets.unsent > mostWaiting) await delay(1);
  }

  async #execute(request: Request, queue: ShellQueue): Promise<void> {
    if (request.owner <= queue.abortedUpTo) {
      // No more than the status: JupyterLab would show any count as if the cell had run.
      request.reply({ status: "aborted" });
      return;
    }
    const run = this.#options.cells.run(request, async () => {
      await this.#quiet(request);
      queue.abortedUpTo = this.#owners;
    });
    this.#executing.add(run);
    await run.finally(() => this.#executing.delete(run));
  }

  /** What a front end sent together with a cell that failed at once may still be on its way through the socket. */
  async #quiet({ receivedMs }: Request): Promise<void> {
    const latestMs = receivedMs + gatherMs;
    for (let seen = -1; seen !== this.#owners && performance.now() < latestMs; ) {
      seen = this.#owners;
      await delay(quietMs);
    }
  }

  async #busy(request: Request, act: () => Promise<void> | void): Promise<void> {
    request.status("busy");
    try {
      await act();
    } catch (error) {
      request.fail(error instanceof Error ? error.message : String(error), "KernelError");
    }
    this.#options.settle();
    request.status("idle");
    // A front end that shows the latest status would take a kernel with a running cell for idle.
    for (const live of this.#options.cells.live) if (live !== request) live.status("busy");
  }

  async #answer(request: Request): Promise<void> {
    const { types, info } = this.#options;
    const code = request.text("code") ?? "";
    const cursor = unitsOf(code, request.integer("cursor_pos") ?? code.length);
    switch (request.type) {
      case "kernel_info_request":
        return request.reply(info);
      case "complete_request": {
        const { matches, cursorStart, cursorEnd, types: kinds } = await types.complete(code, cursor);
        const [start, end] = [codePointsOf(code, cursorStart), codePointsOf(code, cursorEnd)];
        const described = kinds.map((kind) => ({ ...kind, start: codePointsOf(code, kind.start), end: codePointsOf(code, kind.end) }));
        return request.reply({
          status: "ok",
          matches,
          cursor_start: start,
          cursor_end: end,
          metadata: { _jupyter_types_experimental: described },
        });
      }
      case "inspect_request": {
        const found = await types.inspect(code, cursor, request.integer("detail_level") === 1 ? 1 : 0);
        const data = found ? { "text/plain": found.text, "text/markdown": found.markdown } : {};
        return request.reply({ status: "ok", found: found !== undefined, data, metadata: {} });
      }
      case "is_complete_request": {
        const { status, indent } = await types.isComplete(code);
        return request.reply(status === "incomplete" ? { status, indent } : { status });
      }
      case "history_request":
        return answerHistory(request, await this.#options.history());
      case "comm_info_request":
        return request.reply({ status: "ok", comms: this.#comms.open(request.text("target_name")) });
      case "connect_request":
        return request.reply({ status: "ok", ...this.#options.ports });
      case "shutdown_request":
      case "interrupt_request":
        return this.#control(request);
      default:
        return request.fail(`unknown request "${request.type}"`);
    }
  }

  async #control(request: Request): Promise<void> {
    switch (request.type) {
      case "kernel_info_request":
        return request.reply(this.#options.info);
      case "interrupt_request": {
        const stopped = Promise.all(this.#executing);
        await this.#options.interrupt("the cell was interrupted");
        // A cell sent when the front end has read this answer is not one of those that are aborted with the stopped one.
        await Promise.race([stopped, delay(gatherMs)]);
        return request.reply({ status: "ok" });
      }
      case "shutdown_request": {
        const content = { status: "ok", restart: request.flag("restart", false) };
        request.reply(content);
        request.publish("shutdown_reply", content);
        request.status("idle");
        return this.#options.shutdown();
      }
      case "debug_request":
        return request.reply({ ...(await this.#options.debug.handle(request.content as unknown as DebugRequest)) });
      case "usage_request":
        return request.reply({ status: "ok", content: usage(), ...usage() });
      case "create_subshell_request": {
        const id = randomUUID();
        this.#queues.set(id, new ShellQueue());
        return request.reply({ status: "ok", subshell_id: id });
      }
      case "delete_subshell_request": {
        const id = request.text("subshell_id") ?? "";
        if (id === "" || !this.#queues.delete(id)) return request.fail(`there is no subshell "${id}"`);
        return request.reply({ status: "ok" });
      }
      case "list_subshell_request":
        return request.reply({ status: "ok", subshell_id: [...this.#queues.keys()].filter((id) => id !== "") });
      default:
        return request.fail(`unknown request "${request.type}" on control`);
    }
  }

  /** What the main thread sends, in its order. */
  fromMain(message: FromMain): void {
    const { sockets, cells, types } = this.#options;
    const parent = "owner" in message ? this.parentOf(message.owner) : {};
    const publish = (type: string, content: JsonObject, options: { metadata?: JsonObject; buffers?: readonly Uint8Array[] } = {}) =>
      sockets.send("iopub", type, content, { identities: [Buffer.from(type)], parent, ...options });
    switch (message.kind) {
      case "done":
        cells.done(message);
        break;
      case "display":
      case "update": {
        const { data, metadata, displayId } = message;
        const transient = displayId === undefined ? {} : { display_id: displayId };
        publish(message.kind === "display" ? "display_data" : "update_display_data", { data, metadata, transient });
        break;
      }
      case "clear":
        publish("clear_output", { wait: message.wait });
        break;
      case "stray":
        publish("stream", { name: "stderr", text: `${message.error.traceback.join("\n")}\n` });
        break;
      case "comm": {
        const { type, id, target, data, metadata, buffers } = message;
        this.#comms.sent(message);
        publish(type, { comm_id: id, data, ...(target === undefined ? {} : { target_name: target }) }, { metadata, buffers });
        break;
      }
      case "handled":
        this.#comms.handled(message.owner);
        return;
      case "stdin":
        this.#ask(message);
        break;
      case "typecheck":
        cells.mode = message.mode;
        return;
      case "limits":
        cells.limits = message.limits;
        return;
      case "reset":
        types.forget(message.names);
        break;
      case "inspect":
        types.inspect(message.source, message.cursor, 1).then(
          (value) => this.#options.post({ kind: "answer", request: message.request, value }),
          (error: unknown) => this.#options.post({ kind: "answer", request: message.request, value: undefined, error: String(error) }),
        );
        return;
      case "exit":
        return;
    }
  }

  #ask({ owner, prompt, isPassword }: Extract<FromMain, { kind: "stdin" }>): void {
    const request = this.#options.cells.live.find((live) => live.owner === owner) ?? this.#options.cells.live[0];
    if (!request) {
      this.#options.input("");
      return;
    }
    const { identities, header } = request.message;
    this.#options.sockets.send("stdin", "input_request", { prompt, password: isPassword }, { identities, parent: header });
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
