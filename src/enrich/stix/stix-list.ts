import { collectIndicators, type IndicatorsRead } from "../indicators-read.ts";
import type { ListReader } from "../intel/list-source.ts";
import { jsonElements } from "../json-elements.ts";
import { jsonFiles } from "../json-files.ts";
import { type ListDefaults, StixIndicators } from "./stix-indicators.ts";

/**
 * Reads STIX 2.0 or 2.1: a bundle, a TAXII envelope, a list of objects or a single one; a file, gzip or not, or a folder of them, which count as
 * one document. Objects are read one by one, so that a bundle may be larger than memory; kept are the indicators and the names they need.
 */
export const readStixList: ListReader = async (source, sink) => {
  const indicators = new StixIndicators(source);
  for (const path of await jsonFiles(source.path))
    for await (const part of jsonElements(path, ["objects"]))
      if ("element" in part) indicators.add(part.element);
      else if (!Array.isArray(part.document)) indicators.add(part.document);
  indicators.finish(sink);
};

/**
 * The indicators of a STIX document that is in memory.
 *
 * What a pattern looks for becomes indicators where it is an address, a network, a domain, a URL or a hash; everything else is counted with its
 * reason. Nothing in the document makes it throw.
 *
 * @param document - parsed JSON: a bundle, an object, or a list of objects
 * @param defaults - the list's name, and what holds where the document does not tell: a confidence of 0.8
 */
export function readStixBundle(document: unknown, defaults: ListDefaults): IndicatorsRead {
  return collectIndicators((sink) => {
    const indicators = new StixIndicators(defaults);
    indicators.add(document);
    indicators.finish(sink);
  });
}
