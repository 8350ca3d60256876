import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import type { JupyterPlace } from "./jupyter-place.ts";

/** A running JupyterLab. */
export interface LabServer {
  readonly url: string;
  /** With the token, for the first visit. */
  readonly firstUrl: string;
  /** Ends it and its kernels. */
  stop(): Promise<void>;
}

/** Starts `jupyter lab` as its manual says, on a free port, and waits until it answers. */
export async function startLab(python: string, { env, root }: JupyterPlace): Promise<LabServer> {
  const token = randomUUID();
  const child = spawn(
    python,
    [
      "-m",
      "jupyterlab",
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      "--port=0",
      `--IdentityProvider.token=${token}`,
      `--ServerApp.root_dir=${root}`,
      "--LabApp.extension_manager=readonly",
      "--expose-app-in-browser",
    ],
    { env, cwd: root, stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await announcedUrl(child);
  return {
    url,
    firstUrl: `${url}lab?token=${token}`,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** It prints its address when its sockets listen. */
function announcedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stderr) throw new Error("JupyterLab was started without its stderr");
    const said: string[] = [];
    const lines = createInterface({ input: child.stderr });
    lines.on("line", (line) => {
      const [, url] = /(http:\/\/127\.0\.0\.1:\d+\/)lab/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
      else if (said.length < 200) said.push(line);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`JupyterLab ended with ${code} before it listened:\n${said.join("\n")}`)));
  });
}
