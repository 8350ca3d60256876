import { posix, win32 } from "node:path";

/** What Jupyter's rules for its folders depend on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The user's home folder. */
  readonly home: string;
}

/** The user's own Jupyter data folder, by the rules of `jupyter_core.paths.jupyter_data_dir`. */
export function userDataFolder({ platform, env, home }: Machine): string {
  const { join } = platform === "win32" ? win32 : posix;
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const platformDirs = isTruthy(env.JUPYTER_PLATFORM_DIRS);
  if (platform === "darwin")
    return platformDirs ? join(home, "Library", "Application Support", "Jupyter") : join(home, "Library", "Jupyter");
  if (platform === "win32") {
    if (platformDirs) return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "Jupyter");
    return env.APPDATA ? join(env.APPDATA, "jupyter") : join(env.JUPYTER_CONFIG_DIR || join(home, ".jupyter"), "data");
  }
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** The data folder of an environment, `PREFIX/share/jupyter`. */
export function prefixDataFolder(prefix: string, platform: NodeJS.Platform): string {
  return (platform === "win32" ? win32 : posix).join(prefix, "share", "jupyter");
}

/**
 * Every data folder that a Jupyter of this user may look into, the first that has a kernel's name wins.
 * Jupyter itself puts an active environment before the user's folder.
 *
 * @param prefixes - of the Python environments that are known
 */
export function dataFolders(machine: Machine, prefixes: readonly string[]): string[] {
  const { platform, env } = machine;
  const named = (env.JUPYTER_PATH ?? "").split(platform === "win32" ? ";" : ":").filter((folder) => folder !== "");
  const ofEnvironments = prefixes.map((prefix) => prefixDataFolder(prefix, platform));
  const system = platform === "win32" ? windowsSystemFolders(env) : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [...new Set([...named, ...ofEnvironments, userDataFolder(machine), ...system])];
}

function windowsSystemFolders({ PROGRAMDATA }: NodeJS.ProcessEnv): string[] {
  return PROGRAMDATA ? [win32.join(PROGRAMDATA, "jupyter")] : [];
}

/** As `jupyter_core` reads a switch. */
function isTruthy(value: string | undefined): boolean {
  return value !== undefined && !["", "no", "n", "false", "off", "0", "0.0"].includes(value.toLowerCase());
}
