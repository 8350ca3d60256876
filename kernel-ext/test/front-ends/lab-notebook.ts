import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";

/** A notebook that is open in JupyterLab, as the person before the screen has it. */
export class LabNotebook {
  readonly page: Page;
  readonly panel: Locator;
  readonly #path: string;

  constructor(page: Page, path: string) {
    this.page = page;
    this.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    this.#path = path;
  }

  cell(index: number): Locator {
    return this.panel.locator(".jp-Cell").nth(index);
  }

  editor(index: number): Locator {
    return this.cell(index).locator(".jp-InputArea .cm-content");
  }

  outputs(index: number): Locator {
    return this.cell(index).locator(".jp-OutputArea-output");
  }

  /** The text of all that a cell shows. */
  async text(index: number): Promise<string> {
    return (await this.outputs(index).allTextContents()).join("\n");
  }

  /** Which form of each of its outputs JupyterLab shows; null for one that an extension draws. */
  async mimeTypes(index: number): Promise<(string | null)[]> {
    return Promise.all((await this.outputs(index).all()).map((output) => output.getAttribute("data-mime-type")));
  }

  /** What stands beside a cell: `[ ]:`, `[*]:`, `[7]:`. */
  prompt(index: number): Promise<string> {
    return textOf(this.cell(index).locator(".jp-InputArea-prompt"));
  }

  /** Runs a cell by the keyboard, without waiting for its end. */
  async start(index: number): Promise<void> {
    await this.editor(index).click();
    await this.page.keyboard.press("Control+Enter");
  }

  /** Runs a cell and waits until it has a new number. */
  async run(index: number): Promise<void> {
    const before = await this.prompt(index);
    await this.start(index);
    await this.hasNewNumber(index, before);
  }

  async hasNewNumber(index: number, before = "[ ]:"): Promise<void> {
    const prompt = this.cell(index).locator(".jp-InputArea-prompt");
    await prompt.filter({ hasText: /\[\d+\]/, hasNotText: before }).waitFor();
  }

  async menu(menu: string, item: string): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel").getByText(menu, { exact: true }).click();
    await this.page.locator(".lm-Menu-itemLabel").getByText(item, { exact: true }).click();
  }

  /** Presses Tab at a cell's end, or behind its first characters. @returns what the list offers */
  async completions(index: number, at?: number): Promise<string[]> {
    await this.#putCursor(index, at);
    // A kernel that is still warming up may answer with nothing; a person presses Tab again then.
    await this.page.waitForFunction(`(async () => {
      const panel = jupyterapp.shell.currentWidget;
      const { editor } = panel.content.activeCell;
      const code = editor.model.sharedModel.getSource();
      const { content } = await panel.sessionContext.session.kernel.requestComplete({ code, cursor_pos: editor.getOffsetAt(editor.getCursorPosition()) });
      return content.matches.length > 0;
    })()`);
    await this.page.keyboard.press("Tab");
    await this.completer().waitFor();
    return this.completer().locator(".jp-Completer-match").allTextContents();
  }

  completer(): Locator {
    return this.page.locator(".jp-Completer:not(.lm-mod-hidden)");
  }

  /** Presses Shift+Tab at a cell's end. @returns what it shows */
  async tooltip(index: number): Promise<string> {
    await this.#putCursor(index);
    await this.page.keyboard.press("Shift+Tab");
    return textOf(this.page.locator(".jp-Tooltip-content"));
  }

  async #putCursor(index: number, at?: number): Promise<void> {
    await this.editor(index).click();
    await this.page.keyboard.press(at === undefined ? "Control+End" : "Control+Home");
    for (let step = 0; step < (at ?? 0); step++) await this.page.keyboard.press("ArrowRight");
  }

  async toolbarButton(command: string): Promise<void> {
    await this.panel.locator(`[data-command="${command}"]`).first().click();
  }

  /** Presses the button of a dialog that goes on. */
  async accept(): Promise<void> {
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
  }

  /** Answers the question below a cell. */
  async answer(index: number, text: string): Promise<void> {
    await this.cell(index).locator(".jp-Stdin-input").fill(text);
    await this.page.keyboard.press("Enter");
  }

  async isBusy(): Promise<void> {
    await this.panel.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').waitFor();
  }

  /** Until the kernel says that it has nothing to do. */
  async isIdle(): Promise<void> {
    await this.panel.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
  }

  /** Saves it by the keyboard. @returns what is on the disk then */
  async save(): Promise<SavedNotebook> {
    await this.page.keyboard.press("Control+s");
    await this.page.locator(".lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)").waitFor();
    return JSON.parse(readFileSync(this.#path, "utf8"));
  }
}

async function textOf(element: Locator): Promise<string> {
  return (await element.textContent()) ?? "";
}

export interface SavedOutput {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface SavedNotebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source?: string | readonly string[];
    readonly execution_count?: number | null;
    readonly outputs?: readonly SavedOutput[];
  }[];
  readonly metadata: { readonly kernelspec: object; readonly language_info: Readonly<Record<string, unknown>> };
}

/** A notebook file with these code cells. */
export function writeNotebook(root: string, kernelName: string, cells: readonly string[]): string {
  const name = `${randomUUID()}.ipynb`;
  const notebook = {
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index + 1}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
    metadata: { kernelspec: { name: kernelName, display_name: "TypeScript", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  writeFileSync(join(root, name), JSON.stringify(notebook));
  return name;
}
