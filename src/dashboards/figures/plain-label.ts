import { shortened } from "../format.ts";
import { visibleText } from "../html.ts";

/**
 * A text of the data for use inside a plot. Plotly reads some HTML (`<b>`, `<a href>`), entities and `%{…}` templates out of every text; what
 * could start one is written as an entity, which it shows as the character.
 */
export function plainLabel(text: string | null, length = 60): string {
  if (text === null || text === "") return "(none)";
  return shortened(visibleText(text), length)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("%{", "%\u200b{");
}
