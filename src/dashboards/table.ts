import { type Html, html } from "./html.ts";

export interface TableColumn {
  readonly name: string;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean | undefined;
}

export interface DataTable {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** Cells as text; the first is the row's header. */
  readonly rows: readonly (readonly string[])[];
}

/** A plain table in a region that can be scrolled by keyboard. */
export function dataTable({ caption, columns, rows }: DataTable): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${numeric(column)}>${column.name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${row.map((cell, i) =>
        i === 0 ? html`<th scope="row"${numeric(columns[0])}>${cell}</th>` : html`<td${numeric(columns[i])}>${cell}</td>`,
      )}</tr>
`,
  )}</tbody></table></div>`;
}

function numeric(column: TableColumn | undefined): Html | null {
  return column?.isNumber ? { html: ' class="number"' } : null;
}
