import type { Header, Message } from "../protocol/message.ts";
import { type Expectation, expectation } from "./expectation.ts";
import type { NotebookOutput } from "./notebook-output.ts";
import { OutputCollector } from "./output-collector.ts";
import type { RequestOptions } from "./request-options.ts";

export interface ExecuteOptions extends RequestOptions {
  /** No output, no history, no count. @default false */
  readonly silent?: boolean;
  /** @default true, unless silent */
  readonly storeHistory?: boolean;
  /** Expressions evaluated after the code, by name. */
  readonly userExpressions?: Readonly<Record<string, string>>;
  /** An error aborts what is queued behind it. @default true */
  readonly stopOnError?: boolean;
  /** Answers the code's questions; without it the code cannot ask. */
  readonly onInput?: (prompt: string, isPassword: boolean) => string | Promise<string>;
  /** The request's header, before anything of it can have arrived. */
  readonly onSent?: (header: Header) => void;
  /** Each iopub message of this execution, as it arrives. */
  readonly onPublished?: (message: Message) => void;
}

export interface ExecutionResult {
  /** The `execute_reply`. */
  readonly reply: Message;
  /** What a notebook keeps of it. */
  readonly outputs: readonly NotebookOutput[];
  /** All of the execution's iopub messages up to its `idle`, in order. */
  readonly messages: readonly Message[];
}

const executionTimeoutMs = 60_000;

/** One execute request under way: over when both its reply and its `idle` are there. */
export class Execution {
  readonly #options: ExecuteOptions;
  readonly #settled: Expectation<ExecutionResult>;
  readonly #collector = new OutputCollector();
  readonly #messages: Message[] = [];
  #reply: Message | undefined;
  #isIdle = false;

  constructor(options: ExecuteOptions) {
    this.#options = options;
    const { timeoutMs = executionTimeoutMs, signal } = options;
    this.#settled = expectation({ timeoutMs, signal, waitedFor: "an end of the execution" });
  }

  get result(): Promise<ExecutionResult> {
    return this.#settled.promise;
  }

  addReply(message: Message): void {
    this.#reply = message;
    this.#settle();
  }

  addPublished(message: Message): void {
    this.#messages.push(message);
    this.#collector.add(message);
    this.#options.onPublished?.(message);
    if (message.header.msg_type === "status" && message.content.execution_state === "idle") {
      this.#isIdle = true;
      this.#settle();
    }
  }

  async answerInput(prompt: string, isPassword: boolean): Promise<string> {
    const { onInput } = this.#options;
    if (!onInput) throw new Error(`the kernel asks "${prompt}" although the request did not allow it to ask`);
    return onInput(prompt, isPassword);
  }

  reject(error: unknown): void {
    this.#settled.reject(error);
  }

  #settle(): void {
    if (this.#reply && this.#isIdle) {
      this.#settled.resolve({ reply: this.#reply, outputs: this.#collector.outputs, messages: this.#messages });
    }
  }
}
