import { RequestError } from "./request-error.ts";

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The arguments of a request, checked as they are read. */
export class RequestArguments {
  readonly #values: { readonly [name: string]: unknown };

  constructor(values: unknown) {
    this.#values = isRecord(values) ? values : {};
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value !== "string") throw this.#wrong(name, "a string");
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.#isAbsent(name) ? undefined : this.text(name);
  }

  integer(name: string): number {
    const value = this.#values[name];
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw this.#wrong(name, "an integer");
    return value;
  }

  optionalInteger(name: string): number | undefined {
    return this.#isAbsent(name) ? undefined : this.integer(name);
  }

  nested(name: string): RequestArguments {
    const value = this.#values[name];
    if (!isRecord(value)) throw this.#wrong(name, "an object");
    return new RequestArguments(value);
  }

  optionalNested(name: string): RequestArguments | undefined {
    return this.#isAbsent(name) ? undefined : this.nested(name);
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  optionalList(name: string): readonly unknown[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value)) throw this.#wrong(name, "a list");
    return value;
  }

  #isAbsent(name: string): boolean {
    return this.#values[name] === undefined || this.#values[name] === null;
  }

  #wrong(name: string, expected: string): RequestError {
    return new RequestError(`argument "${name}" must be ${expected}, not ${JSON.stringify(this.#values[name])?.slice(0, 80) ?? "missing"}`);
  }
}
