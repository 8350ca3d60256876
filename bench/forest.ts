import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "../src/core/index.ts";
import { createDetector } from "../src/detectors/index.ts";
import type { Matrix } from "../src/features/index.ts";
import type { BenchRow } from "./report.ts";

/**
 * Fit and score of the detectors on one thread, best of three; scikit-learn's forest beside ours where `python` has it. 100 trees on 256 rows.
 * @param python - an interpreter with scikit-learn
 */
export async function bench(python = process.env.SOCLAB_PYTHON ?? "python3"): Promise<BenchRow[]> {
  const matrix = syntheticFlows(200_000, 10);
  return [...ours("isolation-forest", matrix, scikitLearn(python, matrix)), ...ours("ecod", matrix)];
}

/** Heavy-tailed columns, as byte and packet counts are. */
function syntheticFlows(rowCount: number, width: number): Matrix {
  const random = createRandom(1);
  const values = Float64Array.from({ length: rowCount * width }, () => Math.exp(3 * (random.next() + random.next() + random.next() - 1.5)));
  return { rowCount, names: Array.from({ length: width }, (_, j) => `f${j}`), values };
}

interface Peer {
  readonly name: string;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
}

function ours(name: string, matrix: Matrix, peer?: Peer): BenchRow[] {
  const detector = createDetector(name);
  const fitted = detector.fit(matrix);
  const out = new Float64Array(matrix.rowCount);
  const row = (what: string, seconds: number, peerSeconds: number | undefined): BenchRow => ({
    what: `${name} ${what}, 10 columns`,
    rows: matrix.rowCount,
    unit: "rows",
    seconds,
    peer: peer && peerSeconds !== undefined ? { name: peer.name, seconds: peerSeconds } : undefined,
  });
  return [
    row(
      "fit",
      best(() => detector.fit(matrix)),
      peer?.fitSeconds,
    ),
    row(
      "score",
      best(() => fitted.scoreInto(matrix.values, matrix.rowCount, out)),
      peer?.scoreSeconds,
    ),
  ];
}

function scikitLearn(python: string, matrix: Matrix): Peer | undefined {
  const folder = mkdtempSync(join(tmpdir(), "soclab-bench-"));
  try {
    const path = join(folder, "rows.f64");
    writeFileSync(path, new Uint8Array(matrix.values.buffer));
    const script = fileURLToPath(new URL("./reference_forest.py", import.meta.url));
    const env = { ...process.env, OMP_NUM_THREADS: "1" };
    const line = execFileSync(python, [script, path, String(matrix.names.length)], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { peer, fitSeconds, scoreSeconds } = JSON.parse(line) as { peer: string; fitSeconds: number; scoreSeconds: number };
    return { name: peer, fitSeconds, scoreSeconds };
  } catch {
    process.stderr.write(`scikit-learn is left out: "${python}" does not have it (SOCLAB_PYTHON names another)\n`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function best(run: () => void): number {
  const seconds = Array.from({ length: 3 }, () => {
    const started = performance.now();
    run();
    return (performance.now() - started) / 1000;
  });
  return Math.min(...seconds);
}
