import type { Completeness, Completions, Inspection, PreparedCell, TypecheckMode, TypesService } from "../types/service.ts";

/** The types thread, started when it is first asked, or by {@link start}: its load would hold up the first answer that a front end waits for. */
export class LateTypes implements TypesService {
  readonly #create: () => TypesService;
  #started: TypesService | undefined;

  constructor(create: () => TypesService) {
    this.#create = create;
  }

  start(): TypesService {
    this.#started ??= this.#create();
    return this.#started;
  }

  prepare(cell: string, source: string, mode: TypecheckMode): Promise<PreparedCell> {
    return this.start().prepare(cell, source, mode);
  }

  commit(cell: string): void {
    this.start().commit(cell);
  }

  forget(names?: readonly string[]): void {
    this.start().forget(names);
  }

  complete(source: string, cursor: number): Promise<Completions> {
    return this.start().complete(source, cursor);
  }

  inspect(source: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined> {
    return this.start().inspect(source, cursor, detail);
  }

  isComplete(source: string): Promise<Completeness> {
    return this.start().isComplete(source);
  }

  async close(): Promise<void> {
    await this.#started?.close();
  }
}
