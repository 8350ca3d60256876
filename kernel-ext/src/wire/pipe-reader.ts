import { constants, openSync, readSync } from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";

/** Reads a named pipe as it fills, and to its end at once where asked. */
export class PipeReader {
  readonly #descriptor: number;
  readonly #decoder = new StringDecoder("utf8");
  readonly #read: (text: string) => void;
  readonly #buffer = Buffer.alloc(1 << 16);

  constructor(path: string, read: (text: string) => void) {
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#read = read;
    const socket = new Socket({ fd: this.#descriptor, readable: true, writable: false });
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
    socket.on("error", () => {});
    socket.unref();
  }

  drain(): void {
    for (;;) {
      let length: number;
      try {
        length = readSync(this.#descriptor, this.#buffer);
      } catch {
        return;
      }
      if (length === 0) return;
      this.#take(this.#buffer.subarray(0, length));
    }
  }

  #take(bytes: Buffer): void {
    const text = this.#decoder.write(bytes);
    if (text !== "") this.#read(text);
  }
}
