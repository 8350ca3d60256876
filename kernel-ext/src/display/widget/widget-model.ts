import { AsyncResource } from "node:async_hooks";
import { inspect } from "node:util";
import type { Comm, CommMessage } from "../comm.ts";
import { displaySymbol, type MimeBundle, type MimeData } from "../displayable.ts";
import { frontEnd } from "../front-end.ts";
import { toJsonData } from "../json-data.ts";
import { plainText } from "../plain-text.ts";
import { isPlainObject } from "../table-part.ts";
import { joinBuffers, splitBuffers } from "./buffers.ts";
import { answerWidgetControl, liveWidgets } from "./widget-control.ts";

type Name<State> = keyof State & string;
type Listener = (...values: never[]) => void;

/** Version of the widget protocol. */
const protocol = { version: "2.1.0" };

/** What anywidget's front end has to know, beside the user's state. */
export interface WidgetCode {
  readonly _esm: string;
  readonly _css?: string;
  readonly _anywidget_id: string;
}

/**
 * State that a widget in the front end and the cells here share. What is set here shows there, what the user does there arrives here.
 * The interface is that of anywidget's own models.
 */
export class WidgetModel<State extends object> {
  #state: State;
  readonly #code: WidgetCode;
  readonly #listeners = new Map<string, Set<(...values: unknown[]) => unknown>>();
  readonly #unsent = new Set<string>();
  #comm: Comm | undefined;
  #isClosed = false;

  constructor(state: State, code: WidgetCode) {
    this.#state = { ...state };
    this.#code = code;
    this.#open();
  }

  get<Key extends Name<State>>(name: Key): State[Key] {
    return this.#state[name];
  }

  /** Changes one value or several. They are sent together when the running code comes to its end or waits; {@link save_changes} sends them now. */
  set<Key extends Name<State>>(name: Key, value: State[Key]): void;
  set(values: Partial<State>): void;
  set<Key extends Name<State>>(nameOrValues: Key | Partial<State>, value?: State[Key]): void {
    const values = typeof nameOrValues === "string" ? { [nameOrValues]: value } : nameOrValues;
    const names = this.#change(values);
    for (const name of names) this.#unsent.add(name);
    if (names.length > 0) queueMicrotask(() => this.save_changes());
  }

  save_changes(): void {
    if (this.#unsent.size === 0 || this.#comm === undefined) return;
    const part = Object.fromEntries([...this.#unsent].map((name) => [name, Reflect.get(this.#state, name)]));
    this.#unsent.clear();
    this.#sendState("update", part);
  }

  /**
   * Calls `listener` when a value changes, whoever changed it; its output belongs to the cell that runs now.
   *
   * @returns a function that stops it
   */
  on<Key extends Name<State>>(event: `change:${Key}`, listener: (value: State[Key], before: State[Key]) => void): () => void;
  on(event: "change", listener: (changed: Partial<State>) => void): () => void;
  on(event: "msg:custom", listener: (content: MimeData, buffers: readonly Uint8Array[]) => void): () => void;
  on(event: "close", listener: () => void): () => void;
  on(event: string, listener: Listener): () => void {
    const bound = AsyncResource.bind((...values: unknown[]) => Reflect.apply(listener, undefined, values));
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(bound));
    return () => listeners.delete(bound);
  }

  /** Sends a message of your own; the widget's code gets it as `msg:custom`. */
  send(content: unknown, buffers: readonly Uint8Array[] = []): void {
    this.#comm?.send({ method: "custom", content: toJsonData(content) }, { buffers });
  }

  /** Removes the widget from every output. */
  close(): void {
    this.#comm?.close();
    this.#closed();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  [displaySymbol](): MimeBundle {
    this.#open();
    const text = { "text/plain": this.#text() };
    if (this.#comm === undefined) return text;
    return { ...text, "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 1, model_id: this.#comm.id } };
  }

  [inspect.custom](): string {
    return this.#text();
  }

  #text(): string {
    return `widget ${plainText(this.#state).text}`;
  }

  #open(): void {
    const comms = frontEnd()?.comms;
    if (comms === undefined || this.#comm !== undefined || this.#isClosed) return;
    const { state, bufferPaths, buffers } = splitBuffers(this.#fullState());
    const comm = comms.open("jupyter.widget", { state, buffer_paths: bufferPaths }, { metadata: protocol, buffers });
    this.#comm = comm;
    liveWidgets.set(comm.id, () => this.#fullState());
    answerWidgetControl(comms);
    comm.onMessage((message) => this.#receive(message));
    comm.onClose(() => this.#closed());
  }

  #fullState(): object {
    // Any version of the front end's anywidget will do: the protocol has its own.
    const model = { _model_module: "anywidget", _model_name: "AnyModel", _model_module_version: "*" };
    const view = { _view_module: "anywidget", _view_name: "AnyView", _view_module_version: "*", _view_count: null };
    return { ...this.#state, ...this.#code, ...model, ...view };
  }

  #receive({ data, buffers }: CommMessage): void {
    if (!isPlainObject(data)) return;
    if (data.method === "request_state") this.#sendState("update", this.#fullState());
    else if (data.method === "custom") this.#emit("msg:custom", data.content ?? null, buffers);
    else if (data.method === "update" && isPlainObject(data.state)) {
      const received = joinBuffers(data.state, data.buffer_paths, buffers);
      const known = Object.fromEntries(Object.entries(received).filter(([name]) => Object.hasOwn(this.#state, name)));
      // Other views learn of the change from the echo, and the sender that nobody has overtaken it.
      this.#sendState("echo_update", known);
      this.#change(this.#typed(known));
    }
  }

  /** What stood in a typed array comes back as bytes. */
  #typed(values: object): object {
    const typed = Object.entries(values).map(([name, value]: [string, unknown]) => {
      return [name, value instanceof Uint8Array ? likeBefore(value, Reflect.get(this.#state, name)) : value];
    });
    return Object.fromEntries(typed);
  }

  /** @returns the names of what changed */
  #change(values: object): string[] {
    const before: object = this.#state;
    // An array or object may have changed inside.
    const changed = Object.entries(values).filter(
      ([name, value]) => typeof value === "object" || !Object.is(Reflect.get(before, name), value),
    );
    const names = changed.map(([name]) => name);
    if (names.length === 0) return names;
    this.#state = { ...this.#state, ...Object.fromEntries(changed) };
    for (const [name, value] of changed) this.#emit(`change:${name}`, value, Reflect.get(before, name));
    this.#emit("change", Object.fromEntries(changed));
    return names;
  }

  #sendState(method: "update" | "echo_update", part: object): void {
    const { state, bufferPaths, buffers } = splitBuffers(part);
    this.#comm?.send({ method, state, buffer_paths: bufferPaths }, { buffers });
  }

  #emit(event: string, ...values: readonly unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(...values);
      } catch (error) {
        // One listener's error is shown as any other that nobody caught; the next listener still runs.
        queueMicrotask(
          AsyncResource.bind(() => {
            throw error;
          }),
        );
      }
    }
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#comm) liveWidgets.delete(this.#comm.id);
    this.#comm = undefined;
    this.#emit("close");
  }
}

function likeBefore(bytes: Uint8Array, before: unknown): unknown {
  if (!ArrayBuffer.isView(before) || before instanceof Uint8Array) return bytes;
  const copy = bytes.slice().buffer;
  const kinds = [
    Float32Array,
    Float64Array,
    Int8Array,
    Int16Array,
    Int32Array,
    Uint16Array,
    Uint32Array,
    Uint8ClampedArray,
    BigInt64Array,
    BigUint64Array,
  ];
  const kind = kinds.find((one) => before instanceof one);
  return kind !== undefined && copy.byteLength % kind.BYTES_PER_ELEMENT === 0 ? new kind(copy) : bytes;
}
