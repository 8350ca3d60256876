import type { MessagePort } from "node:worker_threads";
import type { FromMain, NumberedMessage } from "./messages.ts";
import { RingWriter, recordKind } from "./ring.ts";
import type { Shared } from "./shared.ts";

/** The main thread's way out: text and messages reach the wire thread in the order in which they were sent. */
export class Link {
  readonly #ring: RingWriter;
  readonly #port: MessagePort;
  #sent = 0;

  constructor(shared: Shared, port: MessagePort, wake: () => void) {
    this.#port = port;
    this.#ring = new RingWriter(shared, wake);
  }

  send(message: FromMain): void {
    const number = ++this.#sent;
    this.#port.postMessage({ number, message } satisfies NumberedMessage);
    this.#ring.message(number);
  }

  text(stream: "stdout" | "stderr", owner: number, text: string): void {
    this.#ring.text(stream === "stdout" ? recordKind.stdout : recordKind.stderr, owner, text);
  }
}
