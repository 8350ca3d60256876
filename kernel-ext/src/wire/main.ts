import { randomUUID } from "node:crypto";
import { workerData } from "node:worker_threads";
import type { Message } from "../protocol/message.ts";
import type { WireData } from "../session/messages.ts";
import { kernelInfo } from "./kernel-info.ts";
import { Request } from "./request.ts";
import type { Server } from "./server.ts";
import { type Channel, Sockets } from "./sockets.ts";

// The first thing that a front end waits for is kernel_info: it is answered before the rest is loaded.
const data = workerData as WireData;
// This thread's warnings (of experimental SQLite, on Node 22) would be shown as output of a cell.
process.removeAllListeners("warning");
const info = kernelInfo();
const early: { channel: Channel; message: Message }[] = [];
let server: Server | undefined;

const sockets = new Sockets({
  connection: data.connection,
  session: randomUUID(),
  onMessage: (channel, message) => {
    if (server) server.receive(channel, message);
    else if (message.header.msg_type === "kernel_info_request" && early.length === 0) answerInfo(new Request(0, channel, message, sockets));
    else early.push({ channel, message });
  },
  room: (channel) => (channel === "shell" ? server?.room() : undefined),
  onRefused: () => {},
  onSubscribe: (topic) => sockets.send("iopub", "iopub_welcome", { subscription: topic }, { identities: [Buffer.from(topic)] }),
});
await sockets.open();
sockets.send("iopub", "status", { execution_state: "starting" });
const { startServer } = await import("./start-server.ts");
const started = startServer({ data, sockets, info });
for (const { channel, message } of early.splice(0)) started.receive(channel, message);
server = started;

function answerInfo(request: Request): void {
  request.status("busy");
  request.reply(info);
  request.status("idle");
}
