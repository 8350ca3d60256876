import { spawnSync } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "../src/core/index.ts";
import { followIngest, type Lake, openLake, openLakeWriter, type SearchOptions } from "../src/lake/index.ts";
import { constant } from "../src/sql/index.ts";
import { DuckDb, rowsOf } from "../src/table/index.ts";
import type { BenchRow } from "./report.ts";
import { days, searchLake } from "./search-lake.ts";

const eventCount = Number(process.env.SOCLAB_BENCH_EVENTS ?? 10_000_000);
const runs = 40;
const limit = 20;

interface Question {
  readonly what: string;
  /** A search, and the same as DuckDB would be asked by hand. */
  ask(n: number): { readonly query: string; readonly options?: SearchOptions; readonly tables: readonly string[]; readonly where: string };
}

/** One search in this process, for a first query: `node bench/search.ts first LAKE QUERY`. */
if (process.argv[2] === "first") {
  const start = performance.now();
  await using lake = openLake(process.argv[3]!);
  await lake.search(process.argv[4]!, { limit }).rows();
  process.stdout.write(String(performance.now() - start));
}

/**
 * Search over ten million events of 30 days, the 20 newest hits as whole rows: p50 and p95, warm, as the first query of a process, and over hot files.
 * Beside it DuckDB with the WHERE that somebody would write by hand, over the same Parquet files, without indexes.
 */
export async function bench(): Promise<BenchRow[]> {
  const { directory, events } = await searchLake(eventCount, (text) => process.stderr.write(`${text}\n`));
  const load = () => `load ${loadavg()[0]!.toFixed(1)}`;
  const out: BenchRow[] = [];
  await using lake = openLake(directory);
  const questions = await questionsOf(lake);
  await using duckDb = new DuckDb();
  for (const { what, ask } of questions) {
    const ours = await times(runs, async (n) => {
      const { query, options } = ask(n);
      await lake.search(query, { ...options, limit }).rows();
    });
    const plain = await times(3, async (n) => {
      const { tables, where } = ask(n);
      for (const table of tables) await duckDb.query(plainSql(lake, table, where));
    });
    process.stderr.write(`${what}: p50 ${ms(ours.p50)} p95 ${ms(ours.p95)}, DuckDB ${ms(plain.p50)}\n`);
    const first = await times(5, async (n) => firstQuery(directory, ask(n).query), false);
    out.push(row(`${what}, warm`, events, ours, plain, load()));
    out.push({ ...row(`${what}, first query of a process`, events, first, undefined, load()) });
  }
  out.push(...(await hot(directory, events, questions)));
  return out;
}

function row(what: string, rows: number, ours: Times, plain: Times | undefined, load: string): BenchRow {
  const peer = plain && { name: "DuckDB WHERE by hand", seconds: plain.p50 };
  const peerNote = plain ? `, DuckDB p50 ${ms(plain.p50)} p95 ${ms(plain.p95)}` : "";
  return {
    what,
    rows,
    unit: "events searched",
    seconds: ours.p50,
    peer,
    note: `p50 ${ms(ours.p50)} p95 ${ms(ours.p95)}${peerNote}; ${load}`,
  };
}

interface Times {
  readonly p50: number;
  readonly p95: number;
}

const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;

async function times(count: number, run: (n: number) => Promise<unknown>, warmUp = true): Promise<Times> {
  if (warmUp) await run(0);
  const taken: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    const own = await run(n);
    taken.push(typeof own === "number" ? own : (performance.now() - start) / 1000);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number) => taken[Math.min(count - 1, Math.ceil(share * count) - 1)]!;
  return { p50: at(0.5), p95: at(0.95) };
}

/** Seconds from opening the lake to the hits; the start of Node, about 40 ms, is not in it, the modules' neither. */
async function firstQuery(directory: string, query: string): Promise<number> {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "first", directory, query], { encoding: "utf8" });
  return Number(stdout) / 1000;
}

function plainSql(lake: Lake, table: string, where: string): string {
  const paths = lake.files(table).map(({ path }) => join(lake.directory, ...path.split("/")));
  return `SELECT * FROM read_parquet(${constant(paths)}, hive_partitioning = false, union_by_name = true) WHERE ${where} ORDER BY "timestamp" DESC LIMIT ${limit}`;
}

async function questionsOf(lake: Lake): Promise<Question[]> {
  const random = createRandom(7);
  const pick = <T>(values: readonly T[], n: number) => values[n % values.length]!;
  const tables = lake.tables();
  const list = async (sql: string) => [...rowsOf(await lake.query(sql))].map(({ v }) => String(v));
  // Addresses that a few dozen events have, all over the 30 days; words that one event has.
  const addresses = await list(
    `SELECT ip_dst_addr AS v FROM conn GROUP BY ip_dst_addr HAVING count(*) BETWEEN 5 AND 60 AND count(DISTINCT "timestamp"::DATE) >= 5 ORDER BY hash(ip_dst_addr) LIMIT 40`,
  );
  const busy = await list(
    `SELECT ip_dst_addr AS v FROM conn GROUP BY ip_dst_addr HAVING count(*) BETWEEN 500 AND 5000 ORDER BY hash(ip_dst_addr) LIMIT 40`,
  );
  const uids = await list(`SELECT uid AS v FROM conn USING SAMPLE 40 ROWS (reservoir, 7)`);
  const either = (address: string) => `ip_src_addr = '${address}' OR ip_dst_addr = '${address}'`;
  const text = (word: string) => `contains(lower(decode(original_string)), lower('${word}'))`;
  return [
    { what: "address of a few events", ask: (n) => ({ query: pick(addresses, n), tables, where: either(pick(addresses, n)) }) },
    { what: "address of a thousand events", ask: (n) => ({ query: pick(busy, n), tables, where: either(pick(busy, n)) }) },
    { what: "address that is nowhere", ask: (n) => ({ query: `203.0.113.${n}`, tables, where: either(`203.0.113.${n}`) }) },
    { what: "free text, word of one event", ask: (n) => ({ query: pick(uids, n), tables, where: text(pick(uids, n)) }) },
    { what: "free text, frequent word, newest 20", ask: () => ({ query: "dns", tables, where: text("dns") }) },
    {
      what: "field and a day",
      ask: (n) => {
        const day = new Date(Date.UTC(2026, 9, 1 + Math.floor(random.next() * days)));
        const until = new Date(day.getTime() + 86_400_000);
        const where = `conn_state = 'S0' AND ip_dst_port = ${[22, 23, 3389][n % 3]} AND "timestamp" >= '${day.toISOString()}'::TIMESTAMP AND "timestamp" < '${until.toISOString()}'::TIMESTAMP`;
        const query = `conn_state:S0 dst_port:${[22, 23, 3389][n % 3]}`;
        return { query, options: { since: day, until }, tables: ["conn"], where };
      },
    },
  ];
}

/** Events that arrive while the lake is searched: small commits on top of the ten million, and how long an event takes to be found. */
async function hot(directory: string, events: number, questions: readonly Question[]): Promise<BenchRow[]> {
  const root = await mkdtemp(join(tmpdir(), "soclab-bench-hot-"));
  try {
    const copy = join(root, "lake");
    await cp(directory, copy, { recursive: true });
    const path = join(root, "conn.log");
    const fields = "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tconn_state";
    const types = "time\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring";
    await writeFile(
      path,
      `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t${fields}\n#types\t${types}\n`,
    );
    const line = (i: number) =>
      `${Date.now() / 1000}\tCHOT${i}\t10.1.${(i >> 8) & 255}.${i & 255}\t${1024 + (i % 60000)}\t192.0.2.7\t53\tudp\tdns\tSF\n`;
    const abort = new AbortController();
    await using writer = await openLakeWriter(copy, { threads: 1 });
    const cpu = process.cpuUsage();
    const start = performance.now();
    const done = followIngest(writer, { feed: "zeek", paths: [path], idleExitMs: null, signal: abort.signal });
    await using lake = openLake(copy);
    await lake.search("CHOT", { limit: 1 }).rows();
    let written = 0;
    const append = async (count: number) => {
      let text = "";
      for (let i = 0; i < count; i++) text += line(written++);
      await writeFile(path, text, { flag: "a" });
    };
    // 100 events every 50 ms go on while one of them is looked for.
    const feeding = setInterval(() => append(100), 50);
    const visible = await times(20, async () => {
      const wanted = written;
      await append(1);
      const at = performance.now();
      while ((await lake.search(`uid:CHOT${wanted}`, { limit: 1, since: new Date(Date.now() - 3_600_000) }).rows()).length === 0);
      return (performance.now() - at) / 1000;
    });
    const rows = [
      row("an event from its arrival to being found", 1, visible, undefined, `load ${loadavg()[0]!.toFixed(1)}, ${written} events came`),
    ];
    const searches = await times(20, async (n) => {
      await lake.search(questions[0]!.ask(n).query, { limit }).rows();
    });
    rows.push(
      row(
        "address of a few events, hot and cold, while 2,000 events/s arrive",
        events,
        searches,
        undefined,
        `load ${loadavg()[0]!.toFixed(1)}`,
      ),
    );
    clearInterval(feeding);
    abort.abort();
    await done;
    const { user, system } = process.cpuUsage(cpu);
    process.stderr.write(
      `hot: ${written} events in ${((performance.now() - start) / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU, the searches among it\n`,
    );
    return rows;
  } finally {
    await rm(root, { recursive: true });
  }
}
