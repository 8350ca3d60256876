import assert from "node:assert/strict";
import { after, test } from "node:test";
import { tables } from "./fixture.ts";

const interruptSymbol = Symbol.for("Jupyter.interrupt");
const endless = "SELECT count(*) AS n FROM range(1000000000) a, range(1000) b WHERE a.range % 7 = b.range";

/** What a kernel puts into the global scope: the signal of the cell that runs. */
class Cells {
  #cell: AbortController | undefined;

  constructor() {
    Reflect.set(globalThis, interruptSymbol, { signal: () => this.#cell?.signal });
  }

  start(): AbortController {
    this.#cell = new AbortController();
    return this.#cell;
  }

  end(): void {
    this.#cell = undefined;
  }
}

const cells = new Cells();
after(() => Reflect.deleteProperty(globalThis, interruptSymbol));

test("a query stops when its cell is interrupted, fifty times in a row, and the engine goes on", async (context) => {
  const { engine, conn } = await tables(context);
  for (let i = 0; i < 50; i++) {
    const cell = cells.start();
    const query = i % 2 === 0 ? engine.query(endless) : engine.writeParquet(endless, "never.parquet");
    setImmediate(() => cell.abort());
    await assert.rejects(query, { code: "SOCLAB_ABORTED" }, `interrupt ${i}`);
    cells.start();
    assert.equal(await conn.count(), 6);
  }
  cells.end();
  assert.equal(await conn.count(), 6);
});

test("a query that begins in an interrupted cell does not run", async (context) => {
  const { engine } = await tables(context);
  cells.start().abort();
  await assert.rejects(engine.query(endless), { code: "SOCLAB_ABORTED" });
  await assert.rejects(engine.describe("SELECT 1"), { code: "SOCLAB_ABORTED" });
  cells.end();
});

test("a query of an earlier cell is not stopped by the interrupt of a later one", async (context) => {
  const { engine } = await tables(context);
  cells.start();
  const pieces = engine.stream("SELECT range AS n FROM range(300000)");
  let rows = (await pieces.next()).value?.length ?? 0;
  cells.start().abort();
  for await (const piece of pieces) rows += piece.length;
  assert.equal(rows, 300_000);
  cells.end();
});

test("a query's own signal goes before the cell's", async (context) => {
  const { engine } = await tables(context);
  const [cell, own] = [cells.start(), new AbortController()];
  const query = engine.query(endless, { signal: own.signal });
  cell.abort();
  setImmediate(() => own.abort(new Error("enough")));
  await assert.rejects(query, { code: "SOCLAB_ABORTED" });
  cells.end();
});

test("whatever else stands under the kernel's name is ignored", async (context) => {
  const { conn } = await tables(context);
  for (const stranger of [null, 1, {}, { signal: 1 }, { signal: () => "x" }, { signal: () => undefined }]) {
    Reflect.set(globalThis, interruptSymbol, stranger);
    assert.equal(await conn.count(), 6);
  }
});
