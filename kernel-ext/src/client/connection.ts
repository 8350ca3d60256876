import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { Connection } from "../session/messages.ts";

export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "hb";

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
