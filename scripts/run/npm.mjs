import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { capture, childEnv } from "./child.mjs";
import { hintFor, SetupError } from "./step.mjs";

/**
 * npm's own script, so that it can be run by a Node of our choice: npm picks package versions and binaries by the Node that runs it.
 * The one that started us, or the one beside this Node, or the one in PATH.
 */
function npmScript() {
  const started = process.env.npm_execpath;
  if (started && /npm-cli\.[cm]?js$/.test(started) && existsSync(started)) return started;
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? process.env.Path ?? "").split(delimiter)];
  for (const folder of folders) {
    const linked = join(folder, "npm");
    const candidates = [
      join(folder, "node_modules", "npm", "bin", "npm-cli.js"),
      join(folder, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
      existsSync(linked) ? realpathSync(linked) : "",
    ];
    const found = candidates.find((path) => path.endsWith(".js") && existsSync(path));
    if (found) return found;
  }
  throw new SetupError("npm was not found.", "Install npm, which comes with Node, and run the command again.");
}

/**
 * `npm ci` in a folder under the given Node, without install scripts. `missing` names what still lacks afterwards: npm counts an optional
 * package that it could not fetch as a success. Throws with what npm said and a hint.
 */
export async function npmCi(node, folder, missing = () => undefined) {
  const args = [npmScript(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=verbose", "--prefix", folder];
  // A system's Node may trust its certificates (a company's own among them); a fetched one has to be told to.
  const env = { NODE_USE_SYSTEM_CA: "1", ...childEnv(node) };
  const { code, output } = await capture(node, args, { cwd: folder, env });
  const lacking = code === 0 ? missing() : undefined;
  if (code === 0 && lacking === undefined) return;
  const errors = output
    .split("\n")
    .filter((line) => /^npm (error|ERR!)|\b(FetchError|failed optional dependency|attempt 1 failed)/.test(line));
  const said = errors.slice(0, 12).join("\n  ");
  throw new SetupError(
    `npm ${lacking === undefined ? "ci failed" : `could not fetch ${lacking}`}\n  ${said}`,
    hintFor(output) ?? "Check the network, `npm config get registry` and the room on the disk, and run the command again.",
  );
}
