/** A set-up that cannot go on, with what to do about it. */
export class SetupError extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** Runs `work` and shows it on stderr as one line with its time. */
export async function step(name, work) {
  const start = performance.now();
  process.stderr.write(`soclab: ${name} … `);
  try {
    const result = await work();
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write("failed\n");
    throw error;
  }
}

/** What a person can do about a failed npm or file operation, from what it printed. */
export function hintFor(output) {
  if (/ENOSPC/.test(output)) return "The disk is full: free about 700 MB and run the command again.";
  if (/EACCES|EPERM|EROFS/.test(output))
    return "This folder or the npm cache cannot be written to: check its owner and run the command again.";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|network/i.test(output))
    return "The package registry cannot be reached: check the network, or `npm config get registry` and proxy, and run the command again.";
  if (/E401|E403|ENEEDAUTH/.test(output))
    return "The package registry refused the request: check `npm config get registry` and its credentials.";
  if (/E404|ETARGET/.test(output))
    return "The package registry does not have this version: `npm config get registry` may name a partial mirror.";
  if (/EINTEGRITY/.test(output))
    return "A package differs from the lock file: run `npm cache clean --force` and try again; if it stays, do not use that registry.";
  if (/can only install .* lock file|EUSAGE/.test(output))
    return "package.json and package-lock.json disagree: run `npm install` and commit the lock file.";
  return undefined;
}
