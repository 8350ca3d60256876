import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { checkSignatureScheme } from "../protocol/message.ts";

export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "hb";

/** What a connection file says, with its names. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
  /** Signs the messages; empty: they are not signed. */
  readonly key: string;
  readonly signature_scheme: string;
}

const channelNames = ["shell", "control", "stdin", "iopub", "hb"] as const;

/** Five free ports of this machine, and a new key. */
export async function newConnection(): Promise<Connection> {
  const ip = "127.0.0.1";
  // All five are held until the last is known, so that no two are the same.
  const servers = await Promise.all(channelNames.map(() => listen(ip)));
  const [shell = 0, control = 0, stdin = 0, iopub = 0, hb = 0] = servers.map(portOf);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return {
    transport: "tcp",
    ip,
    shell_port: shell,
    control_port: control,
    stdin_port: stdin,
    iopub_port: iopub,
    hb_port: hb,
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
  };
}

/** Writes a connection file that only its owner can read: who has its key can run code. */
export function writeConnectionFile(path: string, connection: Connection): void {
  writeFileSync(path, `${JSON.stringify(connection, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
}

/** @throws Error that names the file and what is wrong with it */
export function readConnectionFile(path: string): Connection {
  const wrong = (reason: string, cause?: unknown) => new Error(`${path} is no connection file: ${reason}`, { cause });
  let fields: unknown;
  try {
    fields = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error), error);
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) throw wrong("it holds no JSON object");
  const read = new Map<string, unknown>(Object.entries(fields));
  const text = (name: string, absent: string): string => {
    const value = read.get(name) ?? absent;
    if (typeof value !== "string") throw wrong(`${name} is ${JSON.stringify(value)}; it must be a string`);
    return value;
  };
  const port = (channel: ChannelName): number => {
    const value = read.get(`${channel}_port`);
    if (typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 0xffff) return value;
    throw wrong(`${channel}_port is ${JSON.stringify(value) ?? "missing"}; it must be a port number`);
  };
  const transport = text("transport", "tcp");
  if (transport !== "tcp" && transport !== "ipc") throw wrong(`transport is "${transport}"; it must be "tcp" or "ipc"`);
  const key = text("key", "");
  const scheme = text("signature_scheme", "hmac-sha256");
  checkSignatureScheme(scheme, key);
  return {
    transport,
    ip: text("ip", "127.0.0.1"),
    shell_port: port("shell"),
    control_port: port("control"),
    stdin_port: port("stdin"),
    iopub_port: port("iopub"),
    hb_port: port("hb"),
    key,
    signature_scheme: scheme,
  };
}

/** `tcp://127.0.0.1:40312`, or `ipc://path-1`. */
export function channelAddress(connection: Connection, channel: ChannelName): string {
  const { transport, ip } = connection;
  return transport === "tcp" ? `tcp://${ip}:${connection[`${channel}_port`]}` : `ipc://${ip}-${connection[`${channel}_port`]}`;
}

function listen(ip: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, ip, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("a listening server has no port");
  return address.port;
}
