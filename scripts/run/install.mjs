import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmCi } from "./npm.mjs";
import { root } from "./root.mjs";
import { step } from "./step.mjs";

const modules = join(root, "node_modules");
const record = join(modules, ".soclab-lock");

/** Installs the packages of the lock file when node_modules does not hold them, and links the project's own command beside theirs. */
export async function installPackages() {
  const lock = readFileSync(join(root, "package-lock.json"));
  // Native packages here use Node-API and load on every Node, so the key has the platform and not the Node version.
  const key = `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}\n`;
  if (existsSync(record) && readFileSync(record, "utf8") === key) return;
  if (!isInstalled(JSON.parse(lock.toString())))
    await step("install the packages of package-lock.json", () => npmCi(process.execPath, root));
  linkOwnCommand();
  writeFileSync(record, key);
}

/** Whether somebody's own `npm ci` or `npm install` left exactly the lock file's packages; npm writes its list last. */
function isInstalled(lock) {
  const list = join(modules, ".package-lock.json");
  if (!existsSync(list)) return false;
  const installed = JSON.parse(readFileSync(list, "utf8")).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.startsWith("node_modules/")) return true;
    if (wanted.libc || !(wanted.os?.includes(process.platform) ?? true) || !(wanted.cpu?.includes(process.arch) ?? true)) return true;
    return installed[path]?.version === wanted.version && installed[path]?.integrity === wanted.integrity;
  });
}

/** So that `npx soclab` finds the checkout's own command; npm links those of dependencies only. */
function linkOwnCommand() {
  const bin = join(modules, ".bin");
  mkdirSync(bin, { recursive: true });
  if (process.platform === "win32") {
    writeFileSync(join(bin, "soclab.cmd"), '@node "%~dp0\\..\\..\\bin\\soclab.mjs" %*\r\n');
  } else if (!existsSync(join(bin, "soclab"))) {
    symlinkSync("../../bin/soclab.mjs", join(bin, "soclab"));
  }
}
