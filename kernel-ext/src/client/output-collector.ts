import type { MimeBundle, MimeData } from "../display/displayable.ts";
import type { JsonObject, Message } from "../protocol/message.ts";
import type { DisplayDataOutput, ExecuteResultOutput, NotebookOutput } from "./notebook-output.ts";

/** Outputs that were shown under an id, so that `update_display_data` finds them, in whatever cell. */
export type DisplayRegistry = Map<string, (DisplayDataOutput | ExecuteResultOutput)[]>;

/** Turns the iopub messages of one cell into the outputs that a notebook keeps. */
export class OutputCollector {
  readonly outputs: NotebookOutput[];
  readonly #displays: DisplayRegistry;
  #clearBeforeNext = false;

  /**
   * @param displays - shared by the cells of one notebook
   * @param outputs - filled in place
   */
  constructor(displays: DisplayRegistry = new Map(), outputs: NotebookOutput[] = []) {
    this.#displays = displays;
    this.outputs = outputs;
  }

  /** Messages that are no outputs are passed over. @returns whether an output changed, of this cell or of another */
  add(message: Message): boolean {
    const { content } = message;
    switch (message.header.msg_type) {
      case "stream":
        this.#addStream(content.name === "stderr" ? "stderr" : "stdout", String(content.text ?? ""));
        return true;
      case "display_data":
        this.#show({ output_type: "display_data", ...shown(content) }, content);
        return true;
      case "execute_result":
        this.#show({ output_type: "execute_result", execution_count: countOf(content), ...shown(content) }, content);
        return true;
      case "update_display_data":
        return this.#update(content);
      case "error":
        this.#push({ output_type: "error", ename: String(content.ename), evalue: String(content.evalue), traceback: linesOf(content) });
        return true;
      case "clear_output":
        if (content.wait === true) this.#clearBeforeNext = true;
        else this.#clear();
        return true;
      default:
        return false;
    }
  }

  #addStream(name: "stdout" | "stderr", text: string): void {
    const last = this.#clearBeforeNext ? undefined : this.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else this.#push({ output_type: "stream", name, text });
  }

  #show(output: DisplayDataOutput | ExecuteResultOutput, content: JsonObject): void {
    this.#push(output);
    const id = displayIdOf(content);
    if (id === undefined) return;
    const same = this.#displays.get(id);
    if (same) same.push(output);
    else this.#displays.set(id, [output]);
  }

  #update(content: JsonObject): boolean {
    const id = displayIdOf(content);
    const outputs = id === undefined ? undefined : this.#displays.get(id);
    for (const output of outputs ?? []) Object.assign(output, shown(content));
    return outputs !== undefined;
  }

  #push(output: NotebookOutput): void {
    if (this.#clearBeforeNext) this.#clear();
    this.outputs.push(output);
  }

  #clear(): void {
    this.#clearBeforeNext = false;
    this.outputs.length = 0;
  }
}

function shown(content: JsonObject): { data: MimeBundle; metadata: JsonObject } {
  const { data, metadata } = content;
  return { data: isMimeBundle(data) ? data : {}, metadata: isObject(metadata) ? metadata : {} };
}

function displayIdOf({ transient }: JsonObject): string | undefined {
  const id = isObject(transient) ? transient.display_id : undefined;
  return typeof id === "string" ? id : undefined;
}

function countOf({ execution_count: count }: JsonObject): number | null {
  return typeof count === "number" ? count : null;
}

function linesOf({ traceback }: JsonObject): string[] {
  return Array.isArray(traceback) ? traceback.map(String) : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** It came out of JSON: whatever is in it is `MimeData`. */
function isMimeBundle(value: unknown): value is { [mime: string]: MimeData } {
  return isObject(value);
}
