import { SoclabError } from "../../core/index.ts";
import type { LabelAssertion } from "../../enrich/index.ts";
import type { DeadLetter } from "../../event/index.ts";
import { createParser } from "../../ingest/index.ts";
import type { LakeWriter } from "../writer.ts";

export interface AddedLabels {
  readonly labels: number;
  /** Assertions that the lake had already. */
  readonly duplicates: number;
}

/**
 * Stores assertions in the lake's table `labels`, all or none.
 * @param name - where they come from: a file, an index
 * @param each - every assertion stands for itself, and the same one is stored once whatever stands around it; else they are one source, and
 * the same file is stored once
 * @throws SOCLAB_INVALID_VALUE where one of them cannot hold, before anything is stored
 */
export async function addLabels(
  writer: LakeWriter,
  assertions: readonly LabelAssertion[],
  { name, each = false }: { readonly name: string; readonly each?: boolean },
): Promise<AddedLabels> {
  const lines = assertions.map((assertion) => JSON.stringify(assertion));
  const sources = each ? lines : lines.length > 0 ? [lines.join("\n")] : [];
  const parsed = sources.map((text) => {
    const parser = createParser("labels", { source: name });
    const outputs = [parser.push(Buffer.from(`${text}\n`)), parser.end()];
    const [letter] = outputs.flatMap(({ deadLetters }) => deadLetters);
    if (letter) throw invalid(name, letter);
    return outputs.flatMap(({ batches }) => batches);
  });
  for (const batch of parsed.flat()) await writer.append(batch);
  const { events, duplicates } = await writer.commit();
  return { labels: events, duplicates };
}

function invalid(name: string, { reason, raw }: DeadLetter): SoclabError {
  return new SoclabError("SOCLAB_INVALID_VALUE", `${name}: ${reason}: ${Buffer.from(raw).toString().slice(0, 200)}`);
}
