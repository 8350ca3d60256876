import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KernelClient } from "../../src/client/index.ts";
import { execute, heard, printed, resultText, run, type StartedKernel, startKernel } from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
});
after(() => started?.stop());

test("prompt() asks the front end and gives its answer, password() hides it", async () => {
  const asked: [string, boolean][] = [];
  const requests: unknown[] = [];
  const stop = started.kernel.onMessage(({ header, parentHeader }, channel) => {
    if (channel === "stdin") requests.push([header.msg_type, parentHeader.msg_type]);
  });
  const onInput = (prompt: string, isPassword: boolean) => {
    asked.push([prompt, isPassword]);
    return isPassword ? "s3cret" : "Ann 😀";
  };
  const result = await run(started.kernel, "console.log('first');\nconst answers = [prompt('Name? '), password('Pass? ')];\nanswers", {
    onInput,
  });
  stop();
  assert.equal(resultText(result), "[ 'Ann 😀', 's3cret' ]");
  assert.deepEqual(asked, [
    ["Name? ", false],
    ["Pass? ", true],
  ]);
  assert.deepEqual(requests, [
    ["input_request", "execute_request"],
    ["input_request", "execute_request"],
  ]);
});

test("what was printed before the question is seen before it is asked", async () => {
  const { kernel } = started;
  const order: string[] = [];
  const stop = kernel.onMessage(({ header }, channel) => {
    if (channel === "stdin") order.push("question");
    if (header.msg_type === "stream") order.push("text");
  });
  const text = heard(kernel, ({ header, content }) => header.msg_type === "stream" && String(content.text).includes("before"));
  await run(kernel, "console.log('before'); prompt('?')", {
    onInput: async () => {
      await text;
      return "";
    },
  });
  stop();
  assert.deepEqual(order.sort(), ["question", "text"]);
});

test("a question is an error where the front end allows none, and nobody is asked", async () => {
  const { reply } = await execute(started.kernel, "prompt('?')", { stopOnError: false });
  assert.equal(reply.content.status, "error");
  assert.match(String(reply.content.evalue), /nobody can be asked/);
});

test("many questions in a row, and long answers", async () => {
  let n = 0;
  const result = await run(started.kernel, "let total = 0; for (let i = 0; i < 100; i++) total += Number(prompt(String(i))); total", {
    onInput: () => String(n++),
  });
  assert.equal(resultText(result), "4950");
  assert.equal(resultText(await run(started.kernel, "prompt().length", { onInput: () => "x".repeat(2_000_000) })), "2000000");
});

test("an interrupt ends the waiting, and the next question is asked anew", async () => {
  const { kernel } = started;
  for (let i = 0; i < 5; i++) {
    const asked = Promise.withResolvers<void>();
    const cell = execute(kernel, "prompt('forever')", {
      stopOnError: false,
      onInput: () => {
        asked.resolve();
        return new Promise<string>(() => {});
      },
    });
    await asked.promise;
    await kernel.interrupt();
    assert.equal((await cell).reply.content.ename, "Interrupted");
    assert.equal(resultText(await run(kernel, "prompt()", { onInput: () => `answer ${i}` })), `'answer ${i}'`);
  }
});

test("an answer that nobody asked for, or of a wrong type, is no answer to the next question", async () => {
  const { kernel } = started;
  for (const value of ["stale", 5, null, { a: 1 }, undefined]) kernel.send("stdin", "input_reply", { value });
  kernel.send("stdin", "execute_request", { code: "globalThis.evil = 1" });
  // The sockets have no common order: these take longer than what is on its way through the other.
  for (let i = 0; i < 50; i++) await kernel.request("shell", "kernel_info_request");
  assert.equal(resultText(await run(kernel, "prompt()", { onInput: () => "fresh" })), "'fresh'");
  assert.equal(resultText(await run(kernel, "'evil' in globalThis")), "false");
});

test("a client that goes away with a question open leaves a kernel that others interrupt and use", async () => {
  const { kernel } = started;
  const leaving = new KernelClient(kernel.connection);
  await leaving.ready();
  const asked = Promise.withResolvers<void>();
  const cell = leaving.execute("prompt('anybody?')", {
    onInput: () => {
      asked.resolve();
      return new Promise<string>(() => {});
    },
  });
  cell.catch(() => {});
  await asked.promise;
  leaving.close();
  assert.equal(await kernel.isAlive(), true);
  await kernel.interrupt();
  assert.equal(printed(await run(kernel, "console.log('still here')")), "still here\n");
});

test("completion and heartbeat answer while a question is open", async () => {
  const { kernel } = started;
  await run(kernel, "prompt()", {
    onInput: async () => {
      assert.equal(await kernel.isAlive(), true);
      assert.equal((await kernel.request("shell", "complete_request", { code: "Mat", cursor_pos: 3 })).content.status, "ok");
      return "";
    },
  });
});
