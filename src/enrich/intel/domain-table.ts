import { domainToASCII } from "node:url";
import { normaliseDomain } from "./domain-name.ts";
import { hashSeed, hashStep } from "./hashing.ts";
import { lowerCase, TextTable } from "./text-table.ts";

/** Domain names to numbers, found by a name or by any name below it; an exact one by itself only. Hashing runs from the right, past every parent. */
export class DomainTable {
  readonly #names = new TextTable();
  readonly #exact = new TextTable();
  readonly #found: number[] = [];

  get size(): number {
    return this.#names.size + this.#exact.size;
  }

  get byteLength(): number {
    return this.#names.byteLength + this.#exact.byteLength;
  }

  /** Changes the value of a name, which is 0 for a new one. @returns false where the text is no domain name */
  update(text: string, exact: boolean, change: (value: number) => number): boolean {
    const name = normaliseDomain(text);
    if (name === null) return false;
    const table = exact ? this.#exact : this.#names;
    let hash = hashSeed;
    for (let i = name.length - 1; i >= 0; i--) hash = hashStep(hash, name.charCodeAt(i));
    const entry = table.insert(name, hash);
    table.setValue(entry, change(table.value(entry)));
    return true;
  }

  /** Changes every value. */
  updateAll(change: (value: number) => number): void {
    for (const table of [this.#names, this.#exact])
      for (let entry = 0; entry < table.size; entry++) table.setValue(entry, change(table.value(entry)));
  }

  /** The values of the name itself and of every parent that is in the table, shortest name first. The list is overwritten by the next call. */
  findAll(text: string): readonly number[] {
    const found = this.#found;
    found.length = 0;
    const end = text.endsWith(".") ? text.length - 1 : text.length;
    if (end > 253) return end > 4 * 253 ? found : this.#findAscii(domainToASCII(text), found);
    let hash = hashSeed;
    for (let i = end - 1; i >= 0; i--) {
      const char = text.charCodeAt(i);
      if (char > 127) {
        found.length = 0;
        return this.#findAscii(domainToASCII(text), found);
      }
      hash = hashStep(hash, lowerCase[char]!);
      if (i > 0 && text.charCodeAt(i - 1) !== 46) continue;
      const entry = this.#names.find(text, i, end, hash, lowerCase);
      if (entry >= 0) found.push(this.#names.value(entry));
    }
    if (this.#exact.size > 0) {
      const entry = this.#exact.find(text, 0, end, hash, lowerCase);
      if (entry >= 0) found.push(this.#exact.value(entry));
    }
    return found;
  }

  #findAscii(name: string, none: readonly number[]): readonly number[] {
    return name === "" || name.length > 254 ? none : this.findAll(name);
  }
}
