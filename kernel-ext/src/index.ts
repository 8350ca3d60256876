export { displayBundle } from "./display/display-bundle.ts";
export { type Displayable, displaySymbol, isDisplayable, type MimeBundle, type MimeData } from "./display/displayable.ts";
export { escapeHtml } from "./display/escape-html.ts";
export { type TableOptions, tableHtml } from "./display/table-html.ts";
