// What soclab's package.json names for notebook kernels: `"jupyter": { "typeProviders": … }`.
import { createHash } from "node:crypto";
import { columnsType } from "./cell-types/columns-type.ts";
import { type CellLake, LakesInCells } from "./cell-types/lake-in-cell.ts";
import type {
  LiteralUse,
  ProvidedCompletions,
  ProvidedDiagnostic,
  ProviderCell,
  ProviderSession,
  TypeProvider,
} from "./cell-types/provider-contract.ts";
import { QueryDescriber } from "./cell-types/query-columns.ts";
import { queryInCell } from "./cell-types/query-in-cell.ts";
import { explanation, mistakeOf, queryProblem } from "./cell-types/query-problem.ts";
import { sqlCompletions, tableNames } from "./cell-types/sql-completion.ts";

export type { TypeProvider } from "./cell-types/provider-contract.ts";

interface UseTypes {
  /** The type argument; undefined where none is known. */
  readonly type?: string | undefined;
  /** What declares its name. */
  readonly declaration?: string | undefined;
  readonly problem?: ProvidedDiagnostic | undefined;
}

/** A cell that writes may make the table or column that is not there yet. */
const writes = /\b(openLakeWriter|ingestFiles|append|appendDeadLetters|commit)\s*\(/;

/** Types of a lake's tables and of queries over them, as the data has them. */
export function lakeTypes(): TypeProvider {
  const lakes = new LakesInCells();
  const describer = new QueryDescriber();

  async function typesOf(use: LiteralUse, lake: CellLake, cell: ProviderCell, session: ProviderSession): Promise<UseTypes> {
    if (use.method === "table") return tableTypes(use, lake);
    const query = queryInCell(use, cell, session);
    if (query === undefined) return {};
    const { columns, problem } = await describer.describe(lake, query.text, query.values);
    if (problem) return { problem: await queryProblem(lake, problem, query) };
    return columns === undefined ? {} : { type: columnsType(columns) };
  }

  return {
    name: "soclab",
    methods: ["table", "sql"],

    async provide(cell, session) {
      const found = await Promise.all(
        cell.uses.map(async (use) => {
          const lake = lakes.find(use, cell, session);
          // A lake that cannot be read is no mistake of the cell: running it says what is wrong.
          const types = lake && (await typesOf(use, lake, cell, session).catch(() => undefined));
          return { at: use.typeArgumentsAt, ...types };
        }),
      );
      return {
        declarations: [...new Set(found.flatMap(({ declaration }) => declaration ?? []))].sort().join("\n"),
        insertions: found.flatMap(({ at, type }) => (at === undefined || type === undefined ? [] : [{ at, text: `<${type}>` }])),
        diagnostics: writes.test(cell.source) ? [] : found.flatMap(({ problem }) => problem ?? []),
      };
    },

    async complete(cell, offset, session): Promise<ProvidedCompletions | undefined> {
      const use = cell.uses.find(({ args }) => args.some((literal) => literal && offset >= literal.start && offset <= literal.end));
      const lake = use && lakes.find(use, cell, session);
      if (use === undefined || lake === undefined) return undefined;
      if (use.method === "table") {
        const [name] = use.args;
        if (name === undefined || offset < name.start || offset > name.end) return undefined;
        const prefix = cell.source.slice(name.start, offset);
        return { start: name.start, end: name.end, items: tableNames(lake).filter(({ label }) => label.startsWith(prefix)) };
      }
      const query = queryInCell(use, cell, session);
      const place = query?.inText(offset);
      if (query === undefined || place === undefined) return undefined;
      const completions = await sqlCompletions(lake, query.text, place);
      return completions && { start: query.inCell(completions.start), end: query.inCell(completions.end), items: completions.items };
    },
  };
}

/** `lake.table("conn")` has the table's columns, those that soclab does not know before it has seen data among them. */
function tableTypes({ args }: LiteralUse, lake: CellLake): UseTypes {
  const [name] = args;
  if (name === undefined || args.length > 1) return {};
  try {
    // Messages and hovers show the name instead of fifty columns; the number tells tables of one name and different columns apart.
    const columns = columnsType(lake.schema(name.text));
    const type = `Lake_${name.text.replaceAll(/\W/g, "_")}_${createHash("sha256").update(columns).digest("hex").slice(0, 6)}`;
    return { type, declaration: `type ${type} = ${columns};` };
  } catch (error) {
    const mistake = mistakeOf(error);
    return mistake ? { problem: { start: name.start, end: name.end, message: explanation(mistake), code: mistake.code } } : {};
  }
}

export const typeProviders: readonly TypeProvider[] = [lakeTypes()];
