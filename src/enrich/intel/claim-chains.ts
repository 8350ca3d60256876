/** The claims on each value while lists are read, as chains in two arrays: a value said bad a thousand times costs 8 bytes a time. */
export class ClaimChains {
  #size = 0;
  #claims = new Int32Array(1024);
  #next = new Int32Array(1024);

  /** @returns the chain with the claim before it; 0 is the empty chain */
  push(chain: number, claim: number): number {
    if (chain !== 0 && this.#claims[chain - 1] === claim) return chain;
    if (this.#size === this.#claims.length) {
      this.#claims = extended(this.#claims);
      this.#next = extended(this.#next);
    }
    this.#claims[this.#size] = claim;
    this.#next[this.#size] = chain;
    return ++this.#size;
  }

  /** The only claim of a chain, or -1 where it has several. */
  only(chain: number): number {
    return this.#next[chain - 1] === 0 ? this.#claims[chain - 1]! : -1;
  }

  /** Sorted, distinct. */
  claims(chain: number): Int32Array {
    const claims: number[] = [];
    for (let link = chain; link !== 0; link = this.#next[link - 1]!) claims.push(this.#claims[link - 1]!);
    return Int32Array.from(new Set(claims)).sort();
  }
}

function extended(old: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(Math.ceil(old.length * 1.5));
  wider.set(old);
  return wider;
}
