import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { capture } from "./child.mjs";
import { npmCi } from "./npm.mjs";
import { root } from "./root.mjs";
import { SetupError, step } from "./step.mjs";

const folder = join(root, ".soclab", "node");
const pins = join(root, "scripts", "node");
const installYourself = "Install Node 24 (https://nodejs.org) and run the command again.";

/** Node 22 from 22.22 on, and everything from 24 on. */
export function isSupported(version) {
  const [major, minor] = version.split(".").map(Number);
  return major >= 24 || (major === 22 && minor >= 22);
}

/** The package that carries Node for this machine, out of the lock file: `{ path, version, bin }`, or undefined. */
function pinnedPackage() {
  const lock = JSON.parse(readFileSync(join(pins, "package-lock.json"), "utf8"));
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch))
      return { path, version: entry.version, bin: entry.bin.node };
  }
  return undefined;
}

/** The binary that was fetched before, or undefined where there is none of the pinned version. */
export function fetchedNode() {
  const pinned = pinnedPackage();
  if (!pinned) return undefined;
  const manifest = join(folder, pinned.path, "package.json");
  if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, "utf8")).version !== pinned.version) return undefined;
  return join(folder, pinned.path, pinned.bin);
}

/** The pinned Node's binary, fetched from the registry where it is not there yet. */
export async function pinnedNode() {
  const present = fetchedNode();
  if (present) return present;
  const pinned = pinnedPackage();
  const mine = `Node ${process.versions.node} is too old for soclab (22.22 or 24 and later)`;
  if (!pinned) throw new SetupError(`${mine}, and there is no packaged Node for ${process.platform} on ${process.arch}.`, installYourself);
  return step(`Node ${process.versions.node} is too old: fetch Node ${pinned.version}`, async () => {
    // Installed beside and renamed, so that two commands at once, or one that is killed, never leave half a Node.
    const fresh = `${folder}.${process.pid}`;
    try {
      mkdirSync(fresh, { recursive: true });
      for (const file of ["package.json", "package-lock.json"]) cpSync(join(pins, file), join(fresh, file));
      cpSync(join(root, ".npmrc"), join(fresh, ".npmrc"));
      const binary = join(fresh, pinned.path, pinned.bin);
      await npmCi(process.execPath, fresh, () => (existsSync(binary) ? undefined : `Node ${pinned.version}`));
      const { code, output } = await capture(binary, ["--version"], { cwd: root, env: process.env });
      if (code !== 0)
        throw new SetupError(
          `the fetched Node does not run: ${output.trim()}`,
          `Is the disk full (200 MB are needed)? Otherwise: ${installYourself}`,
        );
      if (!fetchedNode()) {
        rmSync(folder, { recursive: true, force: true });
        renameSync(fresh, folder);
      }
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    return join(folder, pinned.path, pinned.bin);
  });
}
