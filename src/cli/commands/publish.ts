import type { Command } from "commander";
import { openAlertIndex } from "../../alerts/index.ts";
import { SoclabError } from "../../core/index.ts";
import { collectDashboard, publish } from "../../dashboards/index.ts";
import { openLake } from "../../lake/index.ts";
import { evaluateOnLake, type LakeEvaluation, type Model, openRegistry, scoreHistogram } from "../../models/index.ts";
import type { Context } from "../context.ts";
import { count } from "../terminal.ts";

interface Options {
  readonly index: string;
  readonly lake?: string;
  readonly model?: string;
  readonly registry?: string;
  readonly out: string;
  readonly title?: string;
}

const histogramBins = 50;

/** What a dashboard shows of a model's figures on the lake's later period. */
export function evaluationPanels({ metrics, matrix, relevance }: LakeEvaluation) {
  return { evaluation: metrics, scores: scoreHistogram(relevance, matrix.labels, { bins: histogramBins, range: [0, 100] }) };
}

export function publishCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("publish")
    .summary("publish a scoring dashboard as one self-contained page")
    .description(
      "Writes one HTML page that needs no network: alerts, scores, what the ranking is worth on the later period, and where everything comes from.",
    )
    .requiredOption("--index <dir>", "the alert index")
    .option("--lake <dir>", "the lake, for the figures and the HTTP panel")
    .option("--registry <dir>", "where models are kept")
    .option("--model <name@version>", "the model whose figures are shown; needs --registry and --lake")
    .option("--title <text>", "the page's title")
    .requiredOption("--out <page.html>", "the page")
    .addHelpText("after", "\nExample:\n  soclab publish --index alerts --lake lake --registry models --model conn@1 --out dashboard.html\n")
    .action(async (options: Options, command: Command) => {
      const out = terminal(command);
      let model: Model | undefined;
      if (options.model !== undefined) {
        if (options.registry === undefined) throw new SoclabError("SOCLAB_USAGE", "--model needs --registry");
        model = await openRegistry(options.registry).load(options.model);
      }
      await using index = openAlertIndex(options.index, { readOnly: true });
      await using lake = options.lake === undefined ? undefined : openLake(options.lake);
      const panels = model && lake ? evaluationPanels(await evaluateOnLake(model, lake, { signal })) : {};
      const page = await publish(await collectDashboard({ index, lake, model, title: options.title, ...panels }), options.out);
      if (out.json) out.line(JSON.stringify(page));
      else out.line(`${page.path} (${count(page.bytes)} bytes)`);
      await out.drained();
    });
}
