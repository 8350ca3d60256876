export { displayBundle } from "./display-bundle.ts";
export { type Displayable, displaySymbol, isDisplayable, type MimeBundle, type MimeData } from "./displayable.ts";
export { escapeHtml } from "./escape-html.ts";
export { type TableOptions, tableHtml } from "./table-html.ts";
