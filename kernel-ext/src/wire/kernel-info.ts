import { createRequire } from "node:module";
import { type JsonObject, protocolVersion } from "../protocol/message.ts";

const require = createRequire(import.meta.url);
const ownVersion = (): string => (require("../../package.json") as { version: string }).version;
const typescriptVersion = (): string => (require("typescript/package.json") as { version: string }).version;

export function kernelInfo(): JsonObject {
  const version = ownVersion();
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "soclab-kernel",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescriptVersion(),
      // JupyterLab knows TypeScript by this type and by this mode; with CodeMirror 5's `{ name: "javascript", typescript: true }` it shows JavaScript.
      mimetype: "application/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${typescriptVersion()} on Node ${process.versions.node} · soclab-kernel ${version}\nTypes are checked before a cell runs; %typecheck off|warn|on changes that.`,
    help_links: [
      { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/" },
      { text: "Node API", url: "https://nodejs.org/api/" },
    ],
    debugger: true,
    supported_features: ["debugger", "kernel subshells"],
  };
}
