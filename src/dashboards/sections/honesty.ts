import type { DashboardData, DashboardEvaluation } from "../dashboard-data.ts";
import { count, fixed, percent, periodText, plural } from "../format.ts";
import { headlineBudget } from "../headline-budget.ts";
import { type Html, html } from "../html.ts";

/** What the figures were measured on, and what they do not say. */
export function honestySection({ evaluation, notes }: Pick<DashboardData, "evaluation" | "notes">): Html {
  return html`<section class="card honesty" aria-labelledby="honesty-title" id="honesty">
<h2 id="honesty-title">How far to trust these figures</h2>
<ul>${[...honestSentences(evaluation), ...notes].map((sentence) => html`<li>${sentence}</li>`)}</ul>
</section>`;
}

/** The sentences, from the numbers themselves: a split that leaks or a base rate that flatters is said. */
export function honestSentences(evaluation: DashboardEvaluation | null): string[] {
  if (evaluation === null) {
    return [
      "Nothing was measured: without labels of a later period nobody can say how good this ranking is. Relevance orders alerts; it is not a probability of an attack.",
    ];
  }
  const { training, test, rows, positives, unlabelled, baseRate, auc, ap, labelSource, budgets } = evaluation;
  const sentences: string[] = [];
  if (training?.until != null && test?.from != null) {
    sentences.push(
      test.from >= training.until
        ? `Split by time: trained on ${periodText(training)}, measured on the later ${periodText(test)}, which the model had not seen.`
        : `Careful: training (${periodText(training)}) and measurement (${periodText(test)}) overlap, so these figures flatter the model.`,
    );
  } else {
    sentences.push("Careful: the split of training and measurement is not known, so these figures may flatter the model.");
  }
  if (positives === 0 || positives === rows) {
    sentences.push(`All ${count(rows)} labelled events are of one class, so no ranking can be judged on them.`);
  }
  if (baseRate !== null && positives > 0 && positives < rows) {
    const high =
      baseRate > 0.05
        ? " That is far more than a live network has: precision and average precision would be lower there, AUC would not change by that alone."
        : "";
    sentences.push(
      `${count(positives)} of ${plural(rows, "labelled event")} are malicious, a base rate of ${percent(baseRate)}: what a ranking by chance reaches as precision.${high}`,
    );
  }
  if (auc !== null && auc < 0.5) {
    sentences.push(
      `An AUC of ${fixed(auc, 3)} is below 0.5: on this data the model ranks malicious events lower than others. What is common here is the attack, not the exception.`,
    );
  } else if (ap !== null && baseRate !== null && ap < baseRate * 1.1) {
    sentences.push(`An average precision of ${fixed(ap, 3)} is hardly above chance (${fixed(baseRate, 3)}).`);
  }
  const budget = headlineBudget(budgets);
  if (budget !== undefined && budget.days < 7)
    sentences.push(`Budget figures rest on ${plural(budget.days, "day")}: too few for small differences to mean anything.`);
  const without = unlabelled > 0 ? ` ${plural(unlabelled, "event")} without a label ${unlabelled === 1 ? "is" : "are"} left out.` : "";
  sentences.push(`Labels come from ${labelSource ?? "a source that was not named"}; their errors are in these figures.${without}`);
  sentences.push(
    "This is one network and one period. It does not say how the model does elsewhere, against attacks that did not occur here, or against someone who knows the model. Relevance orders alerts; it is not a probability of an attack.",
  );
  return sentences;
}
