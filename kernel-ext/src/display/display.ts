import { randomUUID } from "node:crypto";
import { bundleOf } from "./display-bundle.ts";
import { displaySymbol, type MimeBundle } from "./displayable.ts";
import { frontEnd } from "./front-end.ts";
import type { Metadata } from "./output.ts";
import { storableBundle } from "./storable-bundle.ts";

export interface DisplayOptions {
  /** The value is a MIME bundle already. @default false */
  readonly raw?: boolean;
  /** Under which the output can be changed later, from any cell. */
  readonly displayId?: string;
  /** Changes what was shown under `displayId` instead of showing anew. @default false */
  readonly update?: boolean;
  /** By MIME type, such as `{ "application/json": { expanded: true } }`. */
  readonly metadata?: Metadata;
  /** Nothing is cut, however large the value. @default false */
  readonly all?: boolean;
}

/** An output that can be changed. */
export class DisplayHandle {
  readonly displayId: string;

  constructor(displayId: string) {
    this.displayId = displayId;
  }

  /** Shows another value in its place. @returns when it is shown */
  update(value: unknown, options: Omit<DisplayOptions, "displayId" | "update"> = {}): Promise<DisplayHandle> & DisplayHandle {
    return display(value, { ...options, displayId: this.displayId, update: true });
  }

  /** As a cell's result, it shows nothing more. */
  [displaySymbol](): MimeBundle {
    return {};
  }
}

/**
 * Shows a value below the cell, now, as {@link displayBundle} says. Outside a kernel it is printed as text.
 *
 * @returns a handle; awaited, it is shown, which for an asynchronous display method takes longer
 * @throws TypeError for a bundle with `raw` that is none, or `update` without `displayId`
 * @example
 * const chart = display("loading …");
 * chart.update(plot([{ x, y }]));
 */
export function display(value: unknown, options: DisplayOptions = {}): Promise<DisplayHandle> & DisplayHandle {
  const { raw = false, update = false, metadata, all = false } = options;
  if (update && options.displayId === undefined)
    throw new TypeError("display: update needs the displayId under which the output was shown");
  const handle = new DisplayHandle(options.displayId ?? randomUUID());
  const send = (bundle: MimeBundle): DisplayHandle => {
    if (Object.keys(bundle).length > 0) emit(bundle, handle.displayId, update, metadata);
    return handle;
  };
  const bundle = raw ? rawBundle(value) : bundleOf(value, { all });
  const shown = bundle instanceof Promise ? bundle.then(send) : Promise.resolve(send(bundle));
  return Object.assign(shown, {
    displayId: handle.displayId,
    update: handle.update.bind(handle),
    [displaySymbol]: handle[displaySymbol].bind(handle),
  });
}

/** Removes the cell's outputs; with `wait`, as soon as the next one comes. */
export function clearOutput(options: { readonly wait?: boolean } = {}): void {
  frontEnd()?.output.clear(options);
}

function rawBundle(value: unknown): MimeBundle {
  const { bundle, problems } = storableBundle(value);
  if (problems.length > 0) throw new TypeError(`display: the value with raw ${problems.join(", ")}`);
  return bundle;
}

function emit(bundle: MimeBundle, displayId: string, update: boolean, metadata: Metadata | undefined): void {
  const output = frontEnd()?.output;
  const options = metadata === undefined ? {} : { metadata };
  if (output === undefined) process.stdout.write(`${String(bundle["text/plain"] ?? Object.keys(bundle).join(", "))}\n`);
  else if (update) output.update(displayId, bundle, options);
  else output.display(bundle, { ...options, displayId });
}
