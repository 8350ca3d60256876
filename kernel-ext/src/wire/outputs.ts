import type { Header } from "../protocol/message.ts";
import type { FromMain, NumberedMessage } from "../session/messages.ts";
import { type RingReader, recordKind } from "../session/ring.ts";
import type { Sockets } from "./sockets.ts";

const largestText = 1 << 16;
const gatherMs = 8;

export interface OutputsOptions {
  readonly sockets: Sockets;
  readonly ring: RingReader;
  /** The next message of the main thread, which has been posted. */
  nextMessage(): NumberedMessage | undefined;
  onMessage(message: FromMain): void;
  /** The header of a request, for what belongs to it. */
  parentOf(owner: number): Header | Record<string, never>;
}

/** Publishes what cells print, gathered into few messages, in order with all else that the main thread sends. */
export class Outputs {
  readonly #options: OutputsOptions;
  #parts: string[] = [];
  #length = 0;
  #stream: "stdout" | "stderr" = "stdout";
  #owner = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;

  constructor(options: OutputsOptions) {
    this.#options = options;
  }

  /** Takes all that there is. */
  drain(): void {
    const { ring, nextMessage, onMessage } = this.#options;
    ring.drain((kind, owner, text) => {
      if (kind === recordKind.message) {
        this.flush();
        for (let next = nextMessage(); next; next = next.number === owner ? undefined : nextMessage()) onMessage(next.message);
      } else {
        this.add(kind === recordKind.stdout ? "stdout" : "stderr", owner, text);
      }
    });
    if (this.#length === 0) return;
    // What comes after a silence is shown at once, more of it gathered.
    if (performance.now() - this.#lastMs > gatherMs * 2) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  add(stream: "stdout" | "stderr", owner: number, text: string): void {
    if (this.#length > 0 && (stream !== this.#stream || owner !== this.#owner)) this.flush();
    this.#stream = stream;
    this.#owner = owner;
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length >= largestText) this.flush();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#length === 0) return;
    const text = this.#parts.join("");
    this.#parts = [];
    this.#length = 0;
    this.#lastMs = performance.now();
    this.#options.sockets.send("iopub", "stream", { name: this.#stream, text }, { parent: this.#options.parentOf(this.#owner) });
  }
}
