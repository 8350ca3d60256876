import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "../src/core/index.ts";
import { createDetector } from "../src/detectors/index.ts";
import type { Matrix } from "../src/features/index.ts";

export interface BenchRow {
  readonly what: string;
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

/**
 * Fit and score of the isolation forest, 100 trees on 256 rows, one thread, best of three; scikit-learn beside it where `python` has it.
 * @param python - an interpreter with scikit-learn
 */
export async function bench(python = process.env.SOCLAB_PYTHON ?? "python3"): Promise<{ name: string; rows: BenchRow[] }> {
  const matrix = syntheticFlows(200_000, 10);
  const rows = [...ours("isolation-forest", matrix), ...scikitLearn(python, matrix), ...ours("ecod", matrix)];
  return { name: `anomaly detectors, ${matrix.rowCount} rows × ${matrix.names.length} columns`, rows };
}

/** Heavy-tailed columns, as byte and packet counts are. */
function syntheticFlows(rowCount: number, width: number): Matrix {
  const random = createRandom(1);
  const values = Float64Array.from({ length: rowCount * width }, () => Math.exp(3 * (random.next() + random.next() + random.next() - 1.5)));
  return { rowCount, names: Array.from({ length: width }, (_, j) => `f${j}`), values };
}

function ours(name: string, matrix: Matrix): BenchRow[] {
  const detector = createDetector(name);
  const fitted = detector.fit(matrix);
  const out = new Float64Array(matrix.rowCount);
  const scoreSeconds = best(() => fitted.scoreInto(matrix.values, matrix.rowCount, out));
  return [
    row(
      `${name} fit`,
      best(() => detector.fit(matrix)),
      matrix,
    ),
    row(`${name} score`, scoreSeconds, matrix),
  ];
}

function scikitLearn(python: string, matrix: Matrix): BenchRow[] {
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
    const { peer, fitSeconds, scoreSeconds } = JSON.parse(line);
    return [row(`${peer} fit`, fitSeconds, matrix), row(`${peer} score`, scoreSeconds, matrix)];
  } catch {
    process.stderr.write(`scikit-learn is left out: "${python}" does not have it (SOCLAB_PYTHON names another)\n`);
    return [];
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

function row(what: string, seconds: number, matrix: Matrix): BenchRow {
  return { what, seconds, rowsPerSecond: matrix.rowCount / seconds };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { name, rows } = await bench();
  process.stdout.write(`${name}\n`);
  for (const { what, seconds, rowsPerSecond } of rows) {
    process.stdout.write(
      `${what.padEnd(28)} ${seconds.toFixed(4).padStart(9)} s ${Math.round(rowsPerSecond).toLocaleString("en").padStart(12)} rows/s\n`,
    );
  }
}
