import { readFileSync, writeFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";

/** A notebook that is open in JupyterLab, as the person before the screen has it. Its cells have names here. */
export class LabNotebook<Name extends string> {
  readonly page: Page;
  readonly panel: Locator;
  readonly #path: string;
  readonly #names: readonly Name[];

  constructor(page: Page, path: string, names: readonly Name[]) {
    this.page = page;
    this.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    this.#path = path;
    this.#names = names;
  }

  cell(name: Name): Locator {
    return this.panel.locator(".jp-Cell").nth(this.#names.indexOf(name));
  }

  editor(name: Name): Locator {
    return this.cell(name).locator(".jp-InputArea .cm-content");
  }

  outputs(name: Name): Locator {
    return this.cell(name).locator(".jp-OutputArea-output");
  }

  /** The text of all that a cell shows, once it shows some. */
  async text(name: Name): Promise<string> {
    await this.outputs(name).filter({ hasText: /\S/ }).first().waitFor();
    return (await this.outputs(name).allTextContents()).join("\n");
  }

  /** Which form of each of its outputs JupyterLab shows; null for one that an extension draws. */
  async mimeTypes(name: Name): Promise<(string | null)[]> {
    return Promise.all((await this.outputs(name).all()).map((output) => output.getAttribute("data-mime-type")));
  }

  /** What stands beside a cell: `[ ]:`, `[*]:`, `[7]:`. */
  prompt(name: Name): Promise<string> {
    return textOf(this.cell(name).locator(".jp-InputArea-prompt"));
  }

  /** The number that a cell got when it ran. */
  async count(name: Name): Promise<number> {
    return Number(/\d+/.exec(await this.prompt(name))?.[0]);
  }

  /** Runs a cell by the keyboard, without waiting for its end. */
  async start(name: Name): Promise<void> {
    await this.editor(name).click();
    await this.page.keyboard.press("Control+Enter");
  }

  /** Runs a cell and waits until it has a new number. */
  async run(name: Name): Promise<void> {
    const before = await this.prompt(name);
    await this.start(name);
    await this.hasNewNumber(name, before);
  }

  async hasNewNumber(name: Name, before = "[ ]:"): Promise<void> {
    const prompt = this.cell(name).locator(".jp-InputArea-prompt");
    await prompt.filter({ hasText: /\[\d+\]/, hasNotText: before }).waitFor();
  }

  async menu(menu: string, item: string): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel").getByText(menu, { exact: true }).click();
    await this.page.locator(".lm-Menu-itemLabel").getByText(item, { exact: true }).click();
  }

  /** Presses Tab at a cell's end, or behind its first characters. @returns what the list offers */
  async completions(name: Name, at?: number): Promise<string[]> {
    await this.#putCursor(name, at);
    // Types of the data may come too late for a busy machine: JupyterLab shows nothing then, and a person presses Tab again.
    for (let found = 0; found === 0; ) {
      await this.page.evaluate(`(() => {
        const { anyMessage } = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        globalThis.offered = new Promise((resolve) => {
          anyMessage.connect(function heard(_, { msg }) {
            if (msg.header.msg_type !== "complete_reply") return;
            anyMessage.disconnect(heard);
            resolve(msg.content.matches.length);
          });
        });
      })()`);
      await this.page.keyboard.press("Tab");
      found = Number(await this.page.evaluate("globalThis.offered"));
    }
    await this.completer().waitFor();
    return this.completer().locator(".jp-Completer-match").allTextContents();
  }

  completer(): Locator {
    return this.page.locator(".jp-Completer:not(.lm-mod-hidden)");
  }

  /** Presses Shift+Tab at a cell's end. @returns what it shows */
  async tooltip(name: Name): Promise<string> {
    await this.#putCursor(name);
    await this.page.keyboard.press("Shift+Tab");
    return textOf(this.page.locator(".jp-Tooltip-content").filter({ hasText: /\S/ }));
  }

  async #putCursor(name: Name, at?: number): Promise<void> {
    await this.editor(name).click();
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
  async answer(name: Name, text: string): Promise<void> {
    await this.cell(name).locator(".jp-Stdin-input").fill(text);
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

/** Writes a notebook file with these code cells. */
export function writeNotebook(path: string, kernelName: string, cells: readonly string[]): void {
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
  writeFileSync(path, JSON.stringify(notebook));
}
