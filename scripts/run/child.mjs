import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { isNeeded } from "./lower-using.mjs";
import { root } from "./root.mjs";

/** The environment for children: `node` and our tools come first in PATH, and nothing of an enclosing `npm run` leaks into a nested npm. */
export function childEnv(node) {
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (/^npm_(lifecycle|package|command|node_execpath|config_local_prefix)/i.test(name)) continue;
    env[name] = value;
  }
  const path = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  env[path] = [dirname(node), join(root, "node_modules", ".bin"), env[path]].filter(Boolean).join(delimiter);
  if (isNeeded && node === process.execPath)
    env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ""} --import=${new URL("lower-using.mjs", import.meta.url)}`.trim();
  return env;
}

/**
 * Runs a program in this one's place: its output, its signals, its exit code.
 * A terminal sends Ctrl-C to the whole process group, so there it reaches the child without us. npm starts us through a shell which,
 * when npm is killed, dies without telling us: then the child is stopped as well, instead of serving on with nobody to stop it.
 */
export function forward(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: process.cwd(), env, stdio: "inherit" });
    const handlers = ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => {
      const handler = () => {
        if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
      };
      process.on(signal, handler);
      return [signal, handler];
    });
    const parent = process.ppid;
    const orphaned = setInterval(() => {
      if (process.ppid !== parent) child.kill("SIGTERM");
    }, 500);
    if (!process.env.npm_lifecycle_event) clearInterval(orphaned);
    const release = () => {
      clearInterval(orphaned);
      for (const [signal, handler] of handlers) process.off(signal, handler);
    };
    child.on("error", (error) => {
      release();
      reject(error);
    });
    child.on("exit", (code, signal) => {
      release();
      if (signal) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}

/** Runs a program to its end and returns what it printed, both streams in one text. */
export function capture(program, args, { cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ code: 1, output: String(error) }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
