import type { MimeBundle } from "../display/displayable.ts";
import type { JsonObject } from "../protocol/message.ts";

export interface StreamOutput {
  readonly output_type: "stream";
  readonly name: "stdout" | "stderr";
  text: string;
}

export interface DisplayDataOutput {
  readonly output_type: "display_data";
  data: MimeBundle;
  metadata: JsonObject;
}

export interface ExecuteResultOutput {
  readonly output_type: "execute_result";
  readonly execution_count: number | null;
  data: MimeBundle;
  metadata: JsonObject;
}

export interface ErrorOutput {
  readonly output_type: "error";
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** An output as a notebook (nbformat 4) keeps it, multi-line texts in one string. */
export type NotebookOutput = StreamOutput | DisplayDataOutput | ExecuteResultOutput | ErrorOutput;
