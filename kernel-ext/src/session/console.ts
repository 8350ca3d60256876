import { Console } from "node:console";
import process from "node:process";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { formatWithOptions } from "node:util";

type Write = (stream: "stdout" | "stderr", text: string) => void;

/**
 * Sends what the thread prints, by `console` or `process.stdout`, to `write`. `console.log` and its like do not pass through a stream:
 * 100,000 lines would spend most of their time there.
 */
export function captureConsole(write: Write): void {
  for (const name of ["stdout", "stderr"] as const) {
    const stream = process[name];
    // The bytes of one character may come in two writes.
    const decoder = new StringDecoder("utf8");
    stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const callback = typeof encoding === "function" ? encoding : done;
      const isText = typeof chunk === "string" && (typeof encoding !== "string" || /^utf-?8$/i.test(encoding));
      const text = isText ? chunk : decoder.write(bytesOf(chunk, encoding));
      if (text !== "") write(name, text);
      if (typeof callback === "function") process.nextTick(() => callback());
      return true;
    };
  }
  const sink = (name: "stdout" | "stderr"): Writable =>
    new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        write(name, chunk.toString());
        done();
      },
    });
  const inner = new Console({ stdout: sink("stdout"), stderr: sink("stderr"), colorMode: false });
  let indent = "";
  const printer =
    (stream: "stdout" | "stderr") =>
    (...values: unknown[]): void => {
      const first = values[0];
      const text = values.length === 1 && typeof first === "string" ? first : formatWithOptions({ colors: false }, ...values);
      write(stream, indent === "" ? `${text}\n` : `${indent}${text.replaceAll("\n", `\n${indent}`)}\n`);
    };
  const [out, err] = [printer("stdout"), printer("stderr")];
  const group = (...labels: unknown[]): void => {
    if (labels.length > 0) out(...labels);
    inner.group();
    indent += "  ";
  };
  const groupEnd = (): void => {
    inner.groupEnd();
    indent = indent.slice(2);
  };
  const replaced = { log: out, info: out, debug: out, error: err, warn: err, group, groupCollapsed: group, groupEnd };
  for (const name of Object.keys(console)) {
    const method: unknown = Reflect.get(inner, name);
    if (typeof method === "function") Reflect.set(console, name, method.bind(inner));
  }
  Object.assign(console, replaced);
}

function bytesOf(chunk: string | Uint8Array, encoding: unknown): Buffer {
  if (typeof chunk === "string") return Buffer.from(chunk, encoding as BufferEncoding);
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
