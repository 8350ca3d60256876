/**
 * As much of the browser's `HTMLElement` as a small widget needs, for cells whose types know no DOM. With the DOM's types in reach
 * (`/// <reference lib="dom" />`), {@link WidgetElement} is the real one.
 */
export interface FrontEndElement {
  innerHTML: string;
  textContent: string | null;
  className: string;
  readonly style: { setProperty(name: string, value: string): void };
  readonly ownerDocument: { createElement(tagName: string): FrontEndElement };
  append(...children: readonly (FrontEndElement | string)[]): void;
  replaceChildren(...children: readonly (FrontEndElement | string)[]): void;
  querySelector(selector: string): FrontEndElement | null;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  addEventListener(type: string, listener: (event: { readonly target: unknown }) => void): void;
  remove(): void;
}

export type WidgetElement = typeof globalThis extends { HTMLElement: { prototype: infer Element } } ? Element : FrontEndElement;

/** The model as a widget's code in the front end has it. */
export interface FrontEndModel<State extends object> {
  get<Name extends keyof State & string>(name: Name): State[Name];
  set<Name extends keyof State & string>(name: Name, value: State[Name]): void;
  /** Sends what was set to the kernel. */
  save_changes(): void;
  on<Name extends keyof State & string>(event: `change:${Name}`, listener: () => void): void;
  on(event: "msg:custom", listener: (content: unknown, buffers: readonly DataView[]) => void): void;
  off(event?: string | null, listener?: (() => void) | null): void;
  send(content: unknown): void;
}
