import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Service } from "../../../test/services.ts";
import { type JupyterPlace, makeJupyterPlace } from "./jupyter-place.ts";
import { LabNotebook, writeNotebook } from "./lab-notebook.ts";
import { type LabServer, startLab } from "./lab-server.ts";

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
  readonly #server: LabServer;
  readonly #browser: Browser;

  private constructor(server: LabServer, place: JupyterPlace, browser: Browser, page: Page) {
    this.page = page;
    this.place = place;
    this.#server = server;
    this.#browser = browser;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      // A notebook may be closed while it asks its kernel for something.
      if (message.type() === "error" && !message.text().includes("Canceled future")) this.complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url)) this.complaints.push(`request: ${request.url()}`);
    });
  }

  static async start(python: Service, chrome: Service): Promise<Lab> {
    const place = makeJupyterPlace(python.path);
    const [server, browser] = await Promise.all([
      startLab(python.path, place),
      chromium.launch({ executablePath: chrome.path, args: [...chromiumFlags] }),
    ]);
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const lab = new Lab(server, place, browser, page);
    await page.goto(server.firstUrl);
    await page.locator(".jp-Launcher").waitFor();
    return lab;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    this.place.remove();
  }

  /** Opens a new notebook with these code cells, uses it, and ends its kernel. */
  async withNotebook(cells: readonly string[], use: (notebook: LabNotebook) => Promise<void>): Promise<void> {
    const notebook = await this.open(writeNotebook(this.place.root, this.place.kernelName, cells));
    try {
      await use(notebook);
      await notebook.isIdle();
    } finally {
      await this.close();
    }
  }

  /** Opens a notebook of the root folder; its kernel is up when this returns. */
  async open(name: string): Promise<LabNotebook> {
    const options = JSON.stringify({ path: name, factory: "Notebook" });
    await this.page.evaluate(`(async () => { await jupyterapp.commands.execute("docmanager:open", ${options}); })()`);
    const notebook = new LabNotebook(this.page, join(this.place.root, name));
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
  }

  /** A picture to look at, in the folder that SOCLAB_PICTURES names. */
  async picture(name: string): Promise<void> {
    const folder = process.env.SOCLAB_PICTURES;
    if (folder) await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
