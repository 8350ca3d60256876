import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before } from "node:test";
import { chromium, type Page } from "playwright-core";
import type { Service } from "../../../test/services.ts";
import { type JupyterPlace, makeJupyterPlace } from "./jupyter-place.ts";
import { LabNotebook, writeNotebook } from "./lab-notebook.ts";
import { startLab } from "./lab-server.ts";

/** Chromium as it runs for root and without a graphics card; it asks nobody on the network for anything. */
export const chromiumFlags: readonly string[] = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** JupyterLab in a browser, for all tests of a file. */
export class Lab {
  readonly page: Page;
  readonly place: JupyterPlace;
  /** What went wrong in the page, and what it asked of others than its own server. */
  readonly complaints: string[] = [];
  readonly #ends: readonly (() => unknown)[];

  private constructor(page: Page, place: JupyterPlace, url: string, ends: readonly (() => unknown)[]) {
    this.page = page;
    this.place = place;
    this.#ends = ends;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      // A notebook may be closed while it asks its kernel for something.
      if (message.type() === "error" && !message.text().includes("Canceled future")) this.complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) this.complaints.push(`request: ${request.url()}`);
    });
  }

  static async start(python: Service, chrome: Service): Promise<Lab> {
    const place = makeJupyterPlace(python.path);
    const ends: (() => unknown)[] = [place.remove];
    try {
      const server = await startLab(python.path, place);
      ends.unshift(server.stop);
      const browser = await chromium.launch({ executablePath: chrome.path, args: [...chromiumFlags] });
      ends.unshift(() => browser.close());
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      const lab = new Lab(page, place, server.url, ends);
      await page.goto(server.firstUrl);
      await page.locator(".jp-Launcher").waitFor();
      return lab;
    } catch (error) {
      for (const end of ends) await end();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const end of this.#ends) await end();
  }

  /** Opens a new notebook with these code cells, uses it, and ends its kernel. */
  async withNotebook<Name extends string>(
    cells: Readonly<Record<Name, string>>,
    use: (notebook: LabNotebook<Name>) => Promise<void>,
  ): Promise<void> {
    const notebook = await this.openNew(cells);
    try {
      await use(notebook);
      await notebook.isIdle();
    } finally {
      await this.close();
    }
  }

  /** Opens a new notebook with these code cells, by their names; its kernel is up when this returns. */
  async openNew<Name extends string>(cells: Readonly<Record<Name, string>>): Promise<LabNotebook<Name>> {
    const file = `${randomUUID()}.ipynb`;
    const names = Object.keys(cells).filter((name): name is Name => name in cells);
    writeNotebook(join(this.place.root, file), this.place.kernelName, Object.values(cells));
    return this.open(file, names);
  }

  /** Opens a notebook of the root folder; its kernel is up when this returns. */
  async open<Name extends string = never>(file: string, names: readonly Name[] = []): Promise<LabNotebook<Name>> {
    const options = JSON.stringify({ path: file, factory: "Notebook" });
    await this.page.evaluate(`(async () => { await jupyterapp.commands.execute("docmanager:open", ${options}); })()`);
    const notebook = new LabNotebook(this.page, join(this.place.root, file), names);
    await notebook.panel.waitFor();
    // The indicator calls a kernel that has not begun idle as well.
    await this.page.waitForFunction('jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.connectionStatus === "connected"');
    await notebook.isIdle();
    return notebook;
  }

  /** Ends the kernel of the notebook in front and closes it, unsaved. */
  async close(): Promise<void> {
    await this.page.evaluate(`(async () => {
      const panel = jupyterapp.shell.currentWidget;
      await panel.sessionContext.shutdown();
      panel.dispose();
    })()`);
  }

  async setTheme(name: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
    await this.page.evaluate(
      `(async () => { await jupyterapp.commands.execute("apputils:change-theme", ${JSON.stringify({ theme: name })}); })()`,
    );
    await this.page.locator(`body[data-jp-theme-name="${name}"]`).waitFor({ state: "attached" });
    // It covers the page while the style sheets change.
    await this.page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
  }

  /** A picture to look at, in the folder that SOCLAB_PICTURES names. */
  async picture(name: string): Promise<void> {
    const folder = process.env.SOCLAB_PICTURES;
    if (folder) await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}

/** One notebook for the tests of a `describe`: a kernel of its own for each of them would double their time. */
export function sharedNotebook<Name extends string>(lab: () => Lab, cells: Readonly<Record<Name, string>>): () => LabNotebook<Name> {
  let opened: LabNotebook<Name> | undefined;
  before(async () => {
    opened = await lab().openNew(cells);
  });
  after(async () => {
    await opened?.isIdle();
    await lab().close();
  });
  return () => {
    if (!opened) throw new Error("the notebook is not open");
    return opened;
  };
}
