import { didYouMean, SoclabError } from "../core/index.ts";
import { type Verdict, verdictValues } from "./alert.ts";

/**
 * The same verdict, checked.
 * @throws SOCLAB_INVALID_VALUE
 */
export function checkVerdict(verdict: Verdict): Verdict {
  if (!verdictValues.includes(verdict.verdict)) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `${JSON.stringify(verdict.verdict)} is no verdict`, {
      hint: didYouMean(String(verdict.verdict), verdictValues) ?? `Expected one of ${verdictValues.join(", ")}.`,
    });
  }
  if (typeof verdict.by !== "string" || verdict.by.trim() === "") {
    throw new SoclabError("SOCLAB_INVALID_VALUE", "a verdict needs the name of who gave it");
  }
  if (!Number.isFinite(verdict.at))
    throw new SoclabError("SOCLAB_INVALID_VALUE", `a verdict's time is ${verdict.at}, expected epoch milliseconds`);
  if (typeof verdict.comment !== "string" || verdict.comment.length > 10_000) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", "a verdict's comment is a text of at most 10,000 characters");
  }
  return verdict;
}

/** A verdict out of stored values that were checked when they went in. */
export function verdictOfRow([verdict, by, at, comment]: readonly unknown[]): Verdict {
  return { verdict: verdict as Verdict["verdict"], by: String(by), at: Number(at), comment: String(comment) };
}
