import assert from "node:assert/strict";
import { test } from "node:test";
import { attachedDebuggee, type DebugClient, debuggeeMajor } from "./debug-client.ts";

async function stops(client: DebugClient, source: string): Promise<readonly string[]> {
  const done = client.run(source);
  const seen: string[] = [];
  for (;;) {
    const stopped = await Promise.race([client.stopped(), done]);
    if (typeof stopped === "string") return seen;
    seen.push(`${stopped.reason} ${stopped.text} ${stopped.at[0]?.replace(/^cell-\d+/, "cell")}`);
    await client.continue();
  }
}

test("uncaught exceptions stop, also after an await, and caught ones do not", async (context) => {
  const client = await attachedDebuggee(context);
  await client.request("setExceptionBreakpoints", { filters: ["uncaught"] });
  assert.deepEqual(await stops(client, "function f() {\n  throw new TypeError('no');\n}\nf()"), ["exception TypeError: no f:2"]);
  assert.deepEqual(await stops(client, "await null;\nthrow new Error('late')"), ["exception Error: late cell:2"]);
  assert.deepEqual(await stops(client, "await null;\nJSON.parse('{')"), [
    "exception SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2) cell:2",
  ]);
  assert.deepEqual(await stops(client, "try { throw 1 } catch {}\nawait null;\ntry { null!.x } catch {}\n1"), []);
  // V8 of Node 22 does not look ahead for the handler.
  if (debuggeeMajor !== "22") assert.deepEqual(await stops(client, "await Promise.reject(1).catch(() => 2)"), []);
});

test("all exceptions stop with that filter, and none without a filter", async (context) => {
  const client = await attachedDebuggee(context);
  await client.request("setExceptionBreakpoints", { filters: ["all"] });
  assert.deepEqual(await stops(client, "try {\n  throw 1;\n} catch {}\n2"), ["exception 1 cell:2"]);
  assert.deepEqual(await stops(client, "const later = await new Promise((r) => setTimeout(r, 1, 3));\ntry {\n  BigInt('x');\n} catch {}"), [
    "exception SyntaxError: Cannot convert x to a BigInt cell:3",
  ]);
  await client.request("setExceptionBreakpoints", { filters: [] });
  assert.deepEqual(await stops(client, "try { throw 1 } catch {}\nthrow 2"), []);
});

test("the thrown value is the first variable shown, and in exceptionInfo", async (context) => {
  const client = await attachedDebuggee(context);
  await client.request("setExceptionBreakpoints", { filters: ["uncaught"] });
  const done = client.run("class Lost extends Error { where = 'here' }\nthrow new Lost('a')");
  await client.stopped();
  const info = await client.request("exceptionInfo", { threadId: 1 });
  assert.deepEqual([info.exceptionId, info.breakMode], ["Lost", "unhandled"]);
  assert.match(String(info.description), /: a$/);
  const { Globals: [exception] = [] } = await client.scopes();
  assert.equal(exception?.name, "(exception)");
  const children = await client.variables(exception?.variablesReference ?? 0);
  assert.ok(children.some(({ name, value }) => name === "where" && value === '"here"'));
  await client.continue();
  assert.match(await done, /^threw Error: a/);
});

test("an unknown exception filter is refused", async (context) => {
  const client = await attachedDebuggee(context);
  const { success, message } = await client.respond("setExceptionBreakpoints", { filters: ["raised"] });
  assert.equal(success, false);
  assert.match(message ?? "", /"raised".*"uncaught"/);
});
