import type { EntityRow } from "../dashboard-data.ts";
import type { Figure } from "../figure.ts";
import { count, fixed, percent, plural, relevanceText } from "../format.ts";
import { barsHeight, rankedBars } from "./ranked-bars.ts";

/** The entities with the most alerts. */
export function entitiesFigure(rows: readonly EntityRow[], total: number): Figure {
  const figure = { id: "entities", title: "Top entities", height: barsHeight(rows.length) };
  const [first] = rows;
  if (first === undefined) return { ...figure, summary: "There is no alert, so no entity to name.", plot: null, table: null };
  const share = total > 0 ? first.alerts / total : null;
  return {
    ...figure,
    summary: `${first.entity ?? "(no entity)"} leads with ${plural(first.alerts, "alert")}, ${percent(share)} of all. An entity is what the model watches or what a tool names as the source.`,
    plot: rankedBars(
      rows.map((row) => ({ name: row.entity, value: row.alerts, text: `${count(row.alerts)} · max ${relevanceText(row.maxRelevance)}` })),
      { unit: "alerts (max = highest relevance)", colour: "@accent" },
    ),
    table: {
      caption: "Entities by number of alerts",
      columns: [
        { name: "Entity" },
        { name: "Alerts", isNumber: true },
        { name: "Highest relevance", isNumber: true },
        { name: "Mean relevance", isNumber: true },
      ],
      rows: rows.map((row) => [row.entity ?? "(none)", count(row.alerts), relevanceText(row.maxRelevance), fixed(row.meanRelevance, 1)]),
    },
  };
}
