import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { type DeadLetter, deadLetterToJson } from "../event/index.ts";

/** Dead letters as NDJSON. Its length belongs to the checkpoint: what was written after it is cut off and comes again. */
export class DeadLetterFile {
  readonly #path: string;
  #handle: FileHandle | undefined;
  bytes: number;

  constructor(path: string, bytes: number) {
    this.#path = path;
    this.bytes = bytes;
  }

  async append(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const file = await this.#open();
    const text = Buffer.from(letters.map((letter) => `${JSON.stringify(deadLetterToJson(letter))}\n`).join(""));
    await file.write(text, 0, text.length, this.bytes);
    this.bytes += text.length;
  }

  async sync(): Promise<void> {
    await this.#handle?.sync();
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle) return this.#handle;
    await mkdir(dirname(this.#path), { recursive: true });
    this.#handle = await open(this.#path, this.bytes === 0 ? "w" : "r+");
    await this.#handle.truncate(this.bytes);
    return this.#handle;
  }
}
