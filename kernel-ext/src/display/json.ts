import { displaySymbol, type MimeBundle, type MimeData } from "./displayable.ts";
import { toJsonData } from "./json-data.ts";
import { cutText, visibleText } from "./visible-text.ts";

/** Data to show as a tree that opens and closes. */
export class JsonView {
  readonly data: MimeData;

  constructor(data: MimeData) {
    this.data = data;
  }

  [displaySymbol](): MimeBundle {
    return { "text/plain": visibleText(cutText(JSON.stringify(this.data, null, 2), 100_000)), "application/json": this.data };
  }
}

/**
 * Any value as a JSON tree: `Map`s, `Set`s, `bigint`s, dates and typed arrays included, cycles named; objects with `toJSON` as that says.
 *
 * @param options.all - shows values beyond the first 20,000, too
 */
export function json(value: unknown, { all = false }: { readonly all?: boolean } = {}): JsonView {
  return new JsonView(toJsonData(value, { nonFinite: "text", maxValues: all ? Number.POSITIVE_INFINITY : 20_000 }));
}
