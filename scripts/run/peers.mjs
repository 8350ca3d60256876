import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { npmCi } from "./npm.mjs";
import { root } from "./root.mjs";
import { step } from "./step.mjs";

const folder = join(root, ".soclab", "peers");
const pins = join(root, "scripts", "peers");
const lockFile = "package-lock.json";

/** Other people's TypeScript kernels, in which soclab's objects must show as well: `{ deno, tslab }`, paths of their programs. */
function programs(at) {
  const lock = JSON.parse(readFileSync(join(pins, lockFile), "utf8"));
  const deno = Object.entries(lock.packages).find(
    ([path, entry]) => path.includes("/@deno/") && entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch),
  );
  const program = process.platform === "win32" ? "deno.exe" : "deno";
  return { deno: deno && join(at, deno[0], program), tslab: join(at, "node_modules", "tslab", "bin", "tslab") };
}

/** The programs that were fetched before, each undefined where it is not there in the pinned version. */
export function fetchedPeers() {
  const record = join(folder, lockFile);
  const isCurrent = existsSync(record) && readFileSync(record, "utf8") === readFileSync(join(pins, lockFile), "utf8");
  const found = Object.entries(programs(folder)).map(([name, path]) => [name, isCurrent && path && existsSync(path) ? path : undefined]);
  return Object.fromEntries(found);
}

/** Fetches them from the registry where they are not there yet, without install scripts. */
export async function fetchPeers() {
  const wanted = Object.keys(programs(folder)).filter((name) => programs(folder)[name] !== undefined);
  if (wanted.every((name) => fetchedPeers()[name] !== undefined)) return;
  await step("fetch the kernels of scripts/peers", async () => {
    const fresh = `${folder}.${process.pid}`;
    try {
      mkdirSync(fresh, { recursive: true });
      for (const file of ["package.json", lockFile]) cpSync(join(pins, file), join(fresh, file));
      cpSync(join(root, ".npmrc"), join(fresh, ".npmrc"));
      await npmCi(process.execPath, fresh, () => wanted.find((name) => !existsSync(programs(fresh)[name])));
      rmSync(folder, { recursive: true, force: true });
      renameSync(fresh, folder);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
}
