import { readFileSync } from "node:fs";
import { checkSignatureScheme } from "../protocol/message.ts";
import type { Connection } from "./messages.ts";

const ports = ["shell_port", "control_port", "iopub_port", "stdin_port", "hb_port"] as const;

/** A connection file that is none. */
export class ConnectionFileError extends Error {
  override readonly name = "ConnectionFileError";
}

/** @throws ConnectionFileError that says what is wrong with the file */
export function readConnectionFile(path: string): Connection {
  let fields: unknown;
  try {
    fields = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new ConnectionFileError(`the connection file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (typeof fields !== "object" || fields === null) throw new ConnectionFileError(`the connection file ${path} holds no JSON object`);
  const read = (name: string): unknown => (fields as Record<string, unknown>)[name];
  const text = (name: string, standard?: string): string => {
    const value = read(name) ?? standard;
    if (typeof value !== "string") throw new ConnectionFileError(`the connection file ${path} has no text "${name}"`);
    return value;
  };
  for (const name of ports) {
    const port = read(name);
    if (!Number.isInteger(port) || Number(port) < 1 || Number(port) > 65535) {
      throw new ConnectionFileError(`the connection file ${path} has no port "${name}", but ${JSON.stringify(port)}`);
    }
  }
  const transport = text("transport", "tcp");
  if (transport !== "tcp" && transport !== "ipc")
    throw new ConnectionFileError(`the connection file ${path} asks for the transport "${transport}"; tcp and ipc are known`);
  const connection = {
    transport,
    ip: text("ip", "127.0.0.1"),
    shell_port: Number(read("shell_port")),
    control_port: Number(read("control_port")),
    iopub_port: Number(read("iopub_port")),
    stdin_port: Number(read("stdin_port")),
    hb_port: Number(read("hb_port")),
    key: text("key", ""),
    signature_scheme: text("signature_scheme", "hmac-sha256"),
  } as const;
  try {
    checkSignatureScheme(connection.signature_scheme, connection.key);
  } catch (error) {
    throw new ConnectionFileError(`the connection file ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return connection;
}
