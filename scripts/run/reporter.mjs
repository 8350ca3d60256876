import { relative, resolve, sep } from "node:path";
import { inspect } from "node:util";
import { root } from "./root.mjs";

const inColour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (inColour ? `\x1b[${code}m${text}\x1b[0m` : text);
const nameOf = (file) => (file ? relative(root, resolve(root, file)).split(sep).join("/") : "");

/** One line a test file, each failure in full where it happens, and at the end the totals and everything that was skipped, with its reason. */
export default async function* report(events) {
  const skipped = new Map();
  const output = new Map();
  const failures = [];
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") {
      const file = nameOf(data.file);
      output.set(file, (output.get(file) ?? "") + data.message);
    } else if (type === "test:pass" && data.skip !== undefined) {
      const reason = typeof data.skip === "string" && data.skip !== "" ? data.skip : "no reason given";
      skipped.set(reason, [...(skipped.get(reason) ?? []), `${nameOf(data.file)}: ${data.name}`]);
    } else if (type === "test:fail" && data.details?.error?.failureType !== "subtestsFailed") {
      const error = data.details.error.cause ?? data.details.error;
      const text = typeof error === "string" ? error : (error.stack ?? inspect(error));
      const failure = `${paint(31, "✖")} ${nameOf(data.file)}:${data.line ?? "?"}: ${data.name}\n`;
      failures.push(failure);
      // A file that could not be loaded, or that exited, has said why on stderr only, and gets no summary of its own.
      const said = text === "test failed" ? (output.get(nameOf(data.file)) ?? text) : text;
      yield `${failure}${said.trimEnd().replaceAll(/^/gm, "    ")}\n`;
    } else if (type === "test:summary") {
      const { counts, success, duration_ms } = data;
      const seconds = `${(duration_ms / 1000).toFixed(1)} s`;
      if (data.file) {
        const skips = counts.skipped > 0 ? paint(33, `, ${counts.skipped} skipped`) : "";
        yield `${success ? paint(32, "✔") : paint(31, "✖")} ${nameOf(data.file)}  ${counts.tests} tests${skips}  ${paint(2, seconds)}\n`;
        if (!success && output.has(nameOf(data.file))) yield `${output.get(nameOf(data.file)).trimEnd().replaceAll(/^/gm, "    ")}\n`;
        continue;
      }
      if (skipped.size > 0) yield `\n${paint(33, "Skipped")} (SOCLAB_SERVICES=required makes each a failure):\n`;
      for (const [reason, tests] of skipped) yield `  ${reason}\n${tests.map((test) => `    ${test}\n`).join("")}`;
      if (failures.length > 1) yield `\n${paint(31, "Failed")}, in full above:\n${failures.map((failure) => `  ${failure}`).join("")}`;
      // Node counts a skipped suite as none.
      const skips = [...skipped.values()].flat().length;
      yield `\n${counts.passed} passed, ${counts.failed + counts.cancelled} failed, ${skips} skipped, in ${seconds}\n`;
    }
  }
}
