import assert from "node:assert/strict";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { Dealer, Subscriber } from "zeromq";
import { type Connection, type ExecutionResult, KernelClient } from "../../src/client/index.ts";
import { execute, printed, resultText, run, type StartedKernel, start, startKernel } from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
  await run(started.kernel, "let harmed = false;");
});
after(() => started?.stop());

const channels = ["shell", "control", "stdin", "hb", "iopub"] as const;
const address = (channel: (typeof channels)[number]): string => `tcp://127.0.0.1:${started.kernel.connection[`${channel}_port`]}`;
const delimiter = "<IDS|MSG>";
const harm = { code: "harmed = true; console.log('harm')", silent: false };

/** The kernel answers on every socket, and nothing unsigned has run. */
async function isUnharmed(): Promise<void> {
  assert.equal(await started.kernel.isAlive({ timeoutMs: 10_000 }), true);
  assert.equal((await started.kernel.request("control", "kernel_info_request")).content.status, "ok");
  // A hostile request that failed aborts what was sent right behind it.
  let result: ExecutionResult;
  do result = await execute(started.kernel, "harmed");
  while (result.reply.content.status === "aborted");
  assert.equal(resultText(result), "false");
}

function frames(content: object, options: { key?: string; type?: string; header?: object } = {}): Buffer[] {
  const { key = started.kernel.connection.key, type = "execute_request", header = {} } = options;
  const own = {
    msg_id: randomUUID(),
    msg_type: type,
    session: "s",
    username: "u",
    date: new Date().toISOString(),
    version: "5.4",
    ...header,
  };
  return signed([JSON.stringify(own), "{}", "{}", JSON.stringify(content)], key);
}

function signed(parts: readonly string[], key = started.kernel.connection.key): Buffer[] {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return [delimiter, hmac.digest("hex"), ...parts].map((part) => Buffer.from(part));
}

async function withDealer(channel: (typeof channels)[number], act: (dealer: Dealer) => Promise<void>): Promise<void> {
  const dealer = new Dealer({ linger: 2000, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
  dealer.connect(address(channel));
  try {
    await act(dealer);
  } finally {
    dealer.close();
  }
}

test("garbage frames on every socket are ignored", async () => {
  for (const channel of channels) {
    await withDealer(channel, async (dealer) => {
      for (const garbage of [
        [""],
        ["x"],
        [delimiter],
        [delimiter, ""],
        ["a", delimiter, "b"],
        Array(200).fill(""),
        [randomBytes(100_000)],
        ["\0", "\xff", delimiter, ...Array(50).fill("{}")],
      ]) {
        await dealer.send(garbage);
      }
    });
  }
  await isUnharmed();
});

test("no message runs code that is not signed with the key, in whatever way the signature is wrong", async () => {
  const right = frames(harm);
  const signature = right[1]?.toString() ?? "";
  const last = signature.at(-1) === "0" ? "1" : "0";
  for (const wrong of [
    "",
    "0".repeat(64),
    signature.slice(0, -1),
    `${signature.slice(0, -1)}${last}`,
    `${signature}0`,
    signature.toUpperCase(),
    ` ${signature}`,
    `${signature}\0`,
  ]) {
    if (wrong === signature) continue;
    for (const channel of ["shell", "control"] as const) {
      await withDealer(channel, (dealer) => dealer.send([delimiter, wrong, ...right.slice(2)]));
    }
  }
  for (const key of ["", "another", started.kernel.connection.key.toUpperCase()])
    await withDealer("shell", (dealer) => dealer.send(frames(harm, { key })));
  // The signature of other parts.
  const other = frames({ code: "1" });
  await withDealer("shell", (dealer) => dealer.send([delimiter, other[1] ?? "", ...right.slice(2)]));
  for (let missing = 1; missing < 6; missing++) await withDealer("shell", (dealer) => dealer.send(right.slice(0, 6 - missing)));
  await isUnharmed();
});

test("a signed message that is sent again is refused, on its own socket and on another", async () => {
  await run(started.kernel, "let times = 0");
  const once = frames({ code: "times++", silent: false });
  await withDealer("shell", async (dealer) => {
    await dealer.send(once);
    await dealer.receive();
  });
  for (const channel of ["shell", "control", "shell"] as const) await withDealer(channel, (dealer) => dealer.send(once));
  await isUnharmed();
  assert.equal(resultText(await run(started.kernel, "times")), "1");
});

test("signed frames that hold no JSON, or JSON of another kind, are ignored", async () => {
  const header = JSON.stringify({ msg_id: "1", msg_type: "execute_request", session: "", username: "", date: "", version: "5.4" });
  for (const channel of ["shell", "control", "stdin"] as const) {
    await withDealer(channel, async (dealer) => {
      for (const bad of [
        "",
        "{",
        "null",
        "[]",
        "5",
        '"text"',
        "{}garbage",
        "\ufeff{}",
        "[".repeat(100_000),
        `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      ]) {
        await dealer.send(signed([bad, "{}", "{}", JSON.stringify(harm)]));
        await dealer.send(signed([header, bad, "{}", bad]));
        await dealer.send(signed([header, "{}", bad, bad]));
      }
    });
  }
  await isUnharmed();
});

test("whatever arrives signed, the kernel answers or ignores it, and lives", async () => {
  const types = [
    "execute_request",
    "complete_request",
    "inspect_request",
    "is_complete_request",
    "history_request",
    "kernel_info_request",
    "comm_info_request",
    "connect_request",
    "comm_open",
    "comm_msg",
    "comm_close",
    "interrupt_request",
    "debug_request",
    "usage_request",
    "create_subshell_request",
    "delete_subshell_request",
    "list_subshell_request",
    "input_reply",
    "execute_reply",
    "status",
    "",
    "__proto__",
    "constructor",
  ];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(-1, 1e308, "x".repeat(5000), "\ud800", "\0", "__proto__", true, null, []),
  );
  const names = [
    "code",
    "cursor_pos",
    "detail_level",
    "silent",
    "store_history",
    "user_expressions",
    "allow_stdin",
    "stop_on_error",
    "hist_access_type",
    "n",
    "session",
    "pattern",
    "comm_id",
    "target_name",
    "data",
    "command",
    "arguments",
    "seq",
    "type",
    "subshell_id",
    "value",
  ];
  const content = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 });
  const header = fc.dictionary(
    fc.constantFrom("session", "username", "date", "version", "subshell_id", "msg_type", "msg_id", "extra"),
    value,
    { maxKeys: 2 },
  );
  const message = fc.record({
    channel: fc.constantFrom("shell", "control", "stdin"),
    type: fc.constantFrom(...types),
    content,
    header: fc.oneof(fc.constant({}), header),
  });
  const dealers = { shell: new Dealer({ linger: 0 }), control: new Dealer({ linger: 0 }), stdin: new Dealer({ linger: 0 }) };
  for (const channel of ["shell", "control", "stdin"] as const) dealers[channel].connect(address(channel));
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 20, maxLength: 40 }), async (messages) => {
        for (const { channel, type, content, header } of messages) {
          // The one request that may end the kernel is not among them.
          if (Object(header).msg_type === "shutdown_request") continue;
          await dealers[channel === "control" ? "control" : channel === "stdin" ? "stdin" : "shell"].send(
            frames(content, { type, header }),
          );
        }
        await started.kernel.interrupt();
        assert.equal((await execute(started.kernel, "1", { stopOnError: false })).reply.content.status === "error", false);
      }),
      { numRuns: 40 },
    );
  } finally {
    for (const dealer of Object.values(dealers)) dealer.close();
  }
  await started.kernel.interrupt();
  await isUnharmed();
});

test("a message of 100 MB is taken, signed or not, and the memory comes back", async () => {
  const big = "x".repeat(100 * 2 ** 20);
  await withDealer("shell", (dealer) => dealer.send(frames({ code: big }, { key: "wrong" })));
  await withDealer("shell", (dealer) => dealer.send([big]));
  await isUnharmed();
  const { reply } = await execute(started.kernel, `"${big}"`, { stopOnError: false, timeoutMs: 60_000 });
  assert.deepEqual([reply.content.status, reply.content.ename], ["error", "RangeError"]);
  assert.match(String(reply.content.evalue), /characters/);
  await isUnharmed();
});

test("a flood of requests whose replies nobody reads does not fill the memory", async (t) => {
  const before = memoryOf(started.kernel.pid);
  const dealer = new Dealer({ linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 1 });
  dealer.connect(address("shell"));
  const count = 20_000;
  for (let i = 0; i < count; i++) await dealer.send(frames({}, { type: "no_such_request" }));
  await isUnharmed();
  dealer.close();
  await isUnharmed();
  t.diagnostic(`${count} requests: ${Math.round(before / 2 ** 20)} → ${Math.round(memoryOf(started.kernel.pid) / 2 ** 20)} MiB`);
});

test("a subscriber that does not read loses messages, and holds up nobody", async () => {
  const slow = new Subscriber({ receiveHighWaterMark: 1 });
  slow.connect(address("iopub"));
  slow.subscribe();
  const result = await run(started.kernel, "for (let i = 0; i < 20_000; i++) console.log('x'.repeat(500))", { timeoutMs: 60_000 });
  assert.equal(printed(result).length, 20_000 * 501);
  slow.close();
  await isUnharmed();
});

test("port scanners and clients that break off do no harm", async () => {
  const greeting = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
  for (const channel of channels) {
    const port = started.kernel.connection[`${channel}_port`];
    for (const bytes of [
      Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
      randomBytes(5000),
      greeting,
      Buffer.concat([greeting, Buffer.from("NULL"), randomBytes(60)]),
      Buffer.alloc(0),
      Buffer.alloc(100_000, 0xff),
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => {
          socket.write(bytes, () => socket.resetAndDestroy());
        });
        socket.on("close", () => resolve());
        socket.on("error", () => {});
      });
    }
  }
  await isUnharmed();
});

test("clients that vanish in the middle of a cell leave it running for the others", async () => {
  for (let i = 0; i < 20; i++) {
    const client = new KernelClient(started.kernel.connection);
    await client.ready();
    client.execute("await new Promise((resolve) => setTimeout(resolve, 20)); console.log('x'.repeat(1000))").catch(() => {});
    client.close();
  }
  await isUnharmed();
});

test("1000 connections and 500 cells leave the memory as it was", async (t) => {
  const { kernel } = started;
  const round = async (cells: number, connections: number): Promise<void> => {
    for (let i = 0; i < cells; i++) await run(kernel, `const v${i % 20} = ${i}; v${i % 20}`);
    for (let i = 0; i < connections; i++) {
      await new Promise<void>((resolve) => {
        const socket = connect(kernel.connection[`${channels[i % 5] ?? "shell"}_port`], "127.0.0.1", () => socket.resetAndDestroy());
        socket.on("close", () => resolve());
        socket.on("error", () => {});
      });
    }
  };
  await round(100, 100);
  const before = memoryOf(kernel.pid);
  await round(500, 1000);
  const grown = memoryOf(kernel.pid) - before;
  t.diagnostic(`${Math.round(before / 2 ** 20)} MiB, grew by ${(grown / 2 ** 20).toFixed(1)} MiB`);
  assert.ok(grown < 150 * 2 ** 20, `${grown} bytes`);
  assert.ok(descriptorsOf(kernel.pid) < 200);
});

test("a client of another key hears, but is not heard", async () => {
  const connection: Connection = { ...started.kernel.connection, key: "not the key" };
  const stranger = new KernelClient(connection);
  try {
    stranger.send("shell", "execute_request", harm);
    stranger.send("control", "shutdown_request", { restart: false });
    stranger.send("stdin", "input_reply", { value: "harm" });
    await isUnharmed();
  } finally {
    stranger.close();
  }
});

test("an open question is not answered by a stranger", async () => {
  const connection: Connection = { ...started.kernel.connection, key: "not the key" };
  const stranger = new KernelClient(connection);
  const result = await run(started.kernel, "prompt()", {
    onInput: async () => {
      stranger.send("stdin", "input_reply", { value: "harm" });
      await started.kernel.isAlive();
      return "mine";
    },
  });
  assert.equal(resultText(result), "'mine'");
  stranger.close();
});

test("messages of several clients at once are each answered to whom they came from", async () => {
  const clients = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const client = new KernelClient(started.kernel.connection);
      await client.ready();
      return client;
    }),
  );
  const seen = new Map<KernelClient, number>();
  for (const client of clients) {
    client.onMessage(({ header }, channel) => {
      if (channel === "shell" && header.msg_type === "execute_reply") seen.set(client, (seen.get(client) ?? 0) + 1);
    });
  }
  const results = await Promise.all(
    clients.flatMap((client, c) =>
      Array.from({ length: 20 }, async (_, i) => [resultText(await execute(client, `"${c}/${i}"`)), `'${c}/${i}'`]),
    ),
  );
  for (const [given, expected] of results) assert.equal(given, expected);
  for (const client of clients) assert.equal(seen.get(client), 20);
  for (const client of clients) client.close();
});

test("a cell that another client started is interrupted by any", async () => {
  const other = new KernelClient(started.kernel.connection);
  await other.ready();
  const { started: begun, ended } = start(other, "console.log('x'); while (true) {}");
  await begun;
  await started.kernel.interrupt();
  assert.equal((await ended).reply.content.ename, "Interrupted");
  other.close();
});

function memoryOf(pid: number | undefined): number {
  if (process.platform !== "linux") return 0;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

function descriptorsOf(pid: number | undefined): number {
  if (process.platform !== "linux") return 0;
  return readdirSync(`/proc/${pid}/fd`).length;
}
