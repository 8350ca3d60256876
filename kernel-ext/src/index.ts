export type { Comm, CommMessage, CommOptions, Comms } from "./display/comm.ts";
export { clearOutput, DisplayHandle, type DisplayOptions, display } from "./display/display.ts";
export { type DisplayBundleOptions, displayBundle } from "./display/display-bundle.ts";
export { type Displayable, displaySymbol, isDisplayable, type MimeBundle, type MimeData } from "./display/displayable.ts";
export { escapeHtml } from "./display/escape-html.ts";
export { Figure, plot } from "./display/figure/figure.ts";
export { type FigureData, type FigureHtmlOptions, figureHtml, plotlyScript } from "./display/figure/figure-html.ts";
export type { AxisLayout, Column, Config, Layout, Trace } from "./display/figure/trace.ts";
export { type FrontEnd, frontEnd, setFrontEnd } from "./display/front-end.ts";
export { html, Markup, rawHtml, svg, type ToMarkup } from "./display/html.ts";
export { Image, type ImageOptions, type ImageSource, image } from "./display/image.ts";
export { JsonView, json } from "./display/json.ts";
export { Latex, latex } from "./display/latex.ts";
export { Markdown, md } from "./display/markdown.ts";
export type { Metadata, Output } from "./display/output.ts";
export { type ProgressOptions, progress } from "./display/progress/progress.ts";
export { ProgressBar, type ProgressBarOptions } from "./display/progress/progress-bar.ts";
export { TableView, table } from "./display/table.ts";
export type { TableOptions } from "./display/table-part.ts";
export {
  type ButtonState,
  button,
  type CheckboxState,
  checkbox,
  type DropdownState,
  dropdown,
  type SliderState,
  slider,
  type TextInputState,
  textInput,
} from "./display/widget/controls.ts";
export type { FrontEndElement, FrontEndModel, WidgetElement } from "./display/widget/front-end-element.ts";
export { type RenderContext, type WidgetOptions, widget } from "./display/widget/widget.ts";
export { WidgetModel } from "./display/widget/widget-model.ts";
export { kernel, password, prompt } from "./session/current-kernel.ts";
export type { KernelApi, MemoryUse, Variable } from "./session/kernel-api.ts";
export type { ShellResult } from "./session/shell.ts";
export type { TimeitOptions, Timing } from "./session/timing.ts";
export type {
  Initialiser,
  Literal,
  LiteralUse,
  Provided,
  ProvidedCompletion,
  ProvidedCompletions,
  ProvidedDiagnostic,
  ProviderCell,
  ProviderSession,
  TypeProvider,
} from "./types/provider.ts";
