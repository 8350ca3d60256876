import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Link } from "./link.ts";
import { type Shared, stdinState, word } from "./shared.ts";

/** Asks the person at the front end, and waits: the thread stands still, the wire thread goes on. */
export class Stdin {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #port: MessagePort;
  readonly #link: Link;

  constructor({ words }: Shared, port: MessagePort, link: Link) {
    this.#words = words;
    this.#port = port;
    this.#link = link;
  }

  /** @throws Error when the cell was interrupted while it waited */
  ask(owner: number, prompt: string, isPassword: boolean): string {
    while (receiveMessageOnPort(this.#port)) {}
    Atomics.store(this.#words, word.stdin, stdinState.waiting);
    this.#link.send({ kind: "stdin", owner, prompt, isPassword });
    Atomics.wait(this.#words, word.stdin, stdinState.waiting);
    const state = Atomics.exchange(this.#words, word.stdin, stdinState.none);
    if (state === stdinState.interrupted) throw Object.assign(new Error("interrupted while waiting for input"), { name: "Interrupted" });
    const answer: unknown = receiveMessageOnPort(this.#port)?.message;
    return typeof answer === "string" ? answer : "";
  }
}
