import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { installKernel } from "../../src/install/install-kernel.ts";
import { prefixDataFolder } from "../../src/install/jupyter-paths.ts";

export const repository = join(import.meta.dirname, "..", "..", "..");

/** A person's Jupyter in a temporary folder: the kernel is installed, notebooks find soclab's sources, nothing else of the machine is seen. */
export interface JupyterPlace {
  /** Where notebooks lie. */
  readonly root: string;
  readonly kernelName: string;
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

/** @param python - the program whose Jupyter it is; its folder comes first in PATH */
export function makeJupyterPlace(python: string): JupyterPlace {
  const folder = mkdtempSync(join(tmpdir(), "soclab-jupyter-"));
  const at = (name: string) => join(folder, name);
  for (const name of ["home", "root/node_modules", "config", "data", "runtime", "settings", "tmp"])
    mkdirSync(at(name), { recursive: true });
  const dataFolder = prefixDataFolder(at("prefix"), process.platform);
  const { name: kernelName } = installKernel({ dataFolder, conditions: ["soclab-source"] });
  // As after `npm install soclab` in the notebooks' folder.
  symlinkSync(repository, at("root/node_modules/soclab"), "junction");
  // Both ask a server on the network.
  const notification = at("settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings");
  mkdirSync(dirname(notification), { recursive: true });
  writeFileSync(notification, JSON.stringify({ fetchNews: "false", checkForUpdates: false }));
  return {
    root: at("root"),
    kernelName,
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(jupyter|jpy|ipython|soclab_kernel)/i.test(name))),
      PATH: [dirname(python), process.env.PATH].join(delimiter),
      HOME: at("home"),
      // Notebooks leave folders there.
      TMPDIR: at("tmp"),
      JUPYTER_PATH: dataFolder,
      JUPYTER_CONFIG_DIR: at("config"),
      JUPYTER_DATA_DIR: at("data"),
      JUPYTER_RUNTIME_DIR: at("runtime"),
      JUPYTERLAB_SETTINGS_DIR: at("settings"),
      JUPYTERLAB_WORKSPACES_DIR: at("workspaces"),
      SOCLAB_KERNEL_HISTORY: at("history.sqlite"),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
