import { Session } from "node:inspector";
import { evaluateInReplMode } from "../../src/session/repl-mode.ts";

/** Evaluates scripts while memory is collected all the time (`--stress-scavenge`), and says how many were answered. */
const session = new Session();
session.connect();
let answers = 0;
for (let script = 0; script < 2_000; script++) {
  evaluateInReplMode(session, `"use strict"; let a${script % 10} = ${script}`, () => answers++);
  await new Promise((resolve) => setImmediate(resolve));
}
console.log(answers);
