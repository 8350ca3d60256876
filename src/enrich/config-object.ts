import { didYouMean, SoclabError } from "../core/index.ts";

/** One object of a configuration file with checked access to its values. */
export class ConfigObject {
  readonly path: string;
  readonly #prefix: string;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(path: string, prefix: string, value: unknown, keys: readonly string[]) {
    this.path = path;
    this.#prefix = prefix;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.error("", value, `an object with ${keys.join(", ")}`);
    this.#values = new Map(Object.entries(value));
    for (const key of this.#values.keys())
      if (!keys.includes(key))
        throw new SoclabError("SOCLAB_INVALID_FILE", `${path} has an unknown key "${prefix}${key}", expected ${keys.join(", ")}`, {
          hint: didYouMean(key, keys),
        });
  }

  value(key: string): unknown {
    return this.#values.get(key);
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    throw this.error(key, value, "a text");
  }

  required(key: string): string {
    const value = this.text(key);
    if (value === undefined) throw this.error(key, value, "a text");
    return value;
  }

  fraction(key: string): number | undefined {
    const value = this.value(key);
    if (value === undefined || (typeof value === "number" && value >= 0 && value <= 1)) return value;
    throw this.error(key, value, "a number from 0 to 1");
  }

  /** A whole number from 1 on. */
  count(key: string, most: number): number | undefined {
    const value = this.value(key);
    if (value === undefined || (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most)) return value;
    throw this.error(key, value, `a whole number from 1 to ${most}`);
  }

  list(key: string): readonly unknown[] | undefined {
    const value = this.value(key);
    if (value === undefined || Array.isArray(value)) return value;
    throw this.error(key, value, "a list");
  }

  /** An object of texts. */
  texts(key: string): Readonly<Record<string, string>> | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const isTexts =
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((text) => typeof text === "string");
    if (!isTexts) throw this.error(key, value, 'an object like {"ip": "ip_address"}');
    return { ...value };
  }

  error(key: string, value: unknown, expected: string, hint?: string): SoclabError {
    const name = `${this.#prefix}${key}`.replace(/\.$/, "");
    const shown = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
    return new SoclabError(
      "SOCLAB_INVALID_FILE",
      `${this.path}: ${name === "" ? "the file" : `"${name}"`} ${shown}, expected ${expected}`,
      { hint },
    );
  }
}
