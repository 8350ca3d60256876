import type { Parameters } from "./inject-parameters.ts";
import type { Notebook } from "./notebook.ts";
import { parameterJson } from "./parameter-value.ts";
import type { NotebookRun } from "./run-notebook.ts";

/** Keeps what was run, when and with what, under the names that papermill gives it: what reads its notebooks reads these. */
export function recordNotebookRun(
  notebook: Notebook,
  record: {
    readonly startedAt: Date;
    readonly run: NotebookRun;
    readonly parameters: Parameters;
    readonly inputPath: string;
    readonly outputPath: string | undefined;
  },
): void {
  const { startedAt, run, parameters, inputPath, outputPath } = record;
  notebook.metadata.papermill = {
    default_parameters: {},
    duration: run.durationMs / 1000,
    end_time: new Date(startedAt.getTime() + run.durationMs).toISOString(),
    environment_variables: {},
    exception: run.status === "completed" ? null : true,
    input_path: inputPath,
    output_path: outputPath ?? null,
    parameters: parameterJson(parameters),
    start_time: startedAt.toISOString(),
    version: "soclab-kernel",
  };
}
