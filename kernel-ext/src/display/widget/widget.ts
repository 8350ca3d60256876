import { createHash } from "node:crypto";
import type { FrontEndModel, WidgetElement } from "./front-end-element.ts";
import { WidgetModel } from "./widget-model.ts";
import { widgetModule } from "./widget-source.ts";

export interface RenderContext<State extends object> {
  readonly model: FrontEndModel<State>;
  readonly el: WidgetElement;
}

interface CommonOptions<State extends object> {
  /** What both sides share: JSON data, and binary data in typed arrays. */
  readonly state: State;
  readonly css?: string;
}

interface RenderOptions<State extends object> extends CommonOptions<State> {
  /** Draws the widget, in the front end: its text is sent there, so it sees nothing of the cell around it. */
  readonly render: (context: RenderContext<State>) => unknown;
  /** Import statements that `render` needs. */
  readonly imports?: string;
  readonly esm?: never;
}

interface ModuleOptions<State extends object> extends CommonOptions<State> {
  /** An ES module as anywidget takes it: `export default { render({ model, el }) { … } }`. */
  readonly esm: string;
  readonly render?: never;
}

export type WidgetOptions<State extends object> = RenderOptions<State> | ModuleOptions<State>;

/**
 * A widget of your own, drawn in the front end by anywidget (`pip install anywidget` beside JupyterLab), with state that cells share.
 *
 * @see https://anywidget.dev/en/afm/
 * @example
 * const counter = widget({
 *   state: { count: 0 },
 *   render({ model, el }) {
 *     const button = el.ownerDocument.createElement("button");
 *     button.addEventListener("click", () => { model.set("count", model.get("count") + 1); model.save_changes(); });
 *     model.on("change:count", () => { button.textContent = `count is ${model.get("count")}`; });
 *     el.append(button);
 *   },
 * });
 * counter.on("change:count", (count) => console.log(count));
 */
export function widget<State extends object>(options: WidgetOptions<State>): WidgetModel<State> {
  const esm = options.esm ?? widgetModule(options.render, options.imports);
  const { state, css } = options;
  const id = createHash("sha256")
    .update(esm)
    .update(css ?? "")
    .digest("hex")
    .slice(0, 16);
  return new WidgetModel(state, { _esm: esm, _anywidget_id: `widget-${id}`, ...(css === undefined ? {} : { _css: css }) });
}
