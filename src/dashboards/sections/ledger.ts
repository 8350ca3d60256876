import type { DashboardLedger } from "../dashboard-data.ts";
import { count, percent, plural } from "../format.ts";
import { type Html, html } from "../html.ts";

/** in = scored + filtered + dead-lettered, and whether that is so. */
export function ledgerSection(ledger: DashboardLedger | null): Html {
  return html`<section class="card" aria-labelledby="ledger-title" id="ledger">
<h2 id="ledger-title">Ledger</h2>
${ledger === null ? html`<p class="summary">No ledger was given: what was lost, if anything, is not known.</p>` : balance(ledger)}
</section>`;
}

function balance({ in: read, scored, filtered, deadLetters, alerts, late }: DashboardLedger): Html {
  const gap = read - scored - filtered - deadLetters;
  const verdict =
    gap === 0
      ? html`<p class="verdict closes"><span aria-hidden="true">✓ </span>The ledger closes: every record that was read is accounted for.</p>`
      : html`<p class="verdict gap"><span aria-hidden="true">✗ </span>The ledger does not close: ${count(Math.abs(gap))} records ${gap > 0 ? "are missing" : "are counted twice"}.</p>`;
  const parts = [
    { sign: "", name: "read", value: read, note: "every record of the sources" },
    { sign: "=", name: "scored", value: scored, note: percent(read === 0 ? null : scored / read) },
    { sign: "+", name: "filtered", value: filtered, note: "not what the model watches" },
    { sign: "+", name: "dead-lettered", value: deadLetters, note: "unreadable, kept with the reason" },
  ];
  return html`${verdict}
<dl class="balance">${parts.map(
    ({ sign, name, value, note }) =>
      html`<div>${sign === "" ? null : html`<span class="sign" aria-hidden="true">${sign}</span>`}<dt>${name}</dt><dd><span class="value">${count(value)}</span><span class="note">${note}</span></dd></div>
`,
  )}</dl>
<p class="summary">Out of these came ${plural(alerts, "alert")}. ${late === 0 ? "No event came late." : `${plural(late, "event")} came later than the bound and ${late === 1 ? "is" : "are"} marked.`}</p>`;
}
