import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { KernelSpec } from "../../kernel-ext/src/client/index.ts";
import { newKernelspec } from "../../kernel-ext/src/install/kernelspec.ts";
import { fetchedPeers, fetchPeers } from "../../scripts/run/peers.mjs";
import { findProgram } from "../../test/services.ts";

/** The same things said in each kernel's language. */
export interface Snippets {
  readonly expression: string;
  /** A cell unlike every one before it. */
  readonly distinct: (n: number) => string;
  readonly lines: string;
  readonly spin: string;
  readonly wait: string;
  readonly completion: { readonly setup: string; readonly code: string };
}

export interface BenchedKernel {
  readonly name: string;
  readonly spec: KernelSpec;
  readonly env?: Readonly<Record<string, string>>;
  readonly snippets: Snippets;
}

const typescript: Snippets = {
  expression: "1 + 1",
  distinct: (n) => `const v${n} = { n: ${n}, s: "x".repeat(${n}) };\nconst f${n} = (a: number): number => a + v${n}.n;\nf${n}(1)`,
  lines: 'for (let i = 0; i < 100000; i++) console.log("line " + i);',
  spin: "while (true) {}",
  wait: "await new Promise(() => {})",
  completion: { setup: 'const hosts = ["a", "b"];', code: "hosts.ma" },
};

const python: Snippets = {
  expression: "1 + 1",
  distinct: (n) => `v${n} = {"n": ${n}, "s": "x" * ${n}}\ndef f${n}(a: int) -> int: return a + v${n}["n"]\nf${n}(1)`,
  lines: 'for i in range(100000): print("line " + str(i))',
  spin: "while True: pass",
  wait: "import asyncio; await asyncio.sleep(1000)",
  completion: { setup: 'hosts = ["a", "b"]', code: "hosts.co" },
};

/** Ours, and those of the peers that are here; the missing ones are named on stderr. */
export async function kernels(root: string, scratch: string): Promise<BenchedKernel[]> {
  execFileSync(process.execPath, [join(root, "scripts", "run.mjs"), "build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  await fetchPeers();
  const { deno, tslab } = fetchedPeers();
  const found: BenchedKernel[] = [
    {
      name: "soclab",
      spec: newKernelspec(),
      env: { SOCLAB_KERNEL_HISTORY: join(scratch, "history.sqlite") },
      snippets: typescript,
    },
  ];
  if (tslab)
    found.push({
      name: "tslab",
      spec: { argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"] },
      snippets: typescript,
    });
  else missing("tslab", "node scripts/peers.mjs");
  if (deno) {
    const env = { DENO_DIR: join(scratch, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
    found.push({
      name: "Deno",
      spec: { argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"], interrupt_mode: "message" },
      env,
      snippets: typescript,
    });
  } else missing("Deno", "node scripts/peers.mjs");
  const interpreter = findProgram("python");
  if (interpreter && spawnSync(interpreter, ["-c", "import ipykernel"], { stdio: "ignore" }).status === 0) {
    const env = { IPYTHONDIR: join(scratch, "ipython") };
    found.push({
      name: "ipykernel",
      spec: { argv: [interpreter, "-m", "ipykernel_launcher", "-f", "{connection_file}"] },
      env,
      snippets: python,
    });
  } else missing("ipykernel", "pip install -r kernel-ext/test/requirements.txt, and SOCLAB_PYTHON");
  return found;
}

function missing(name: string, hint: string): void {
  process.stderr.write(`${name} is left out: it is not on this machine (${hint})\n`);
}
