import type { MimeBundle, MimeData } from "./displayable.ts";

export type Metadata = { readonly [name: string]: MimeData };

/** Where what a cell shows goes. The session implements it; everything that displays is given one. */
export interface Output {
  /** A new output below the cell. With `displayId` it can be changed later. */
  display(bundle: MimeBundle, options?: { readonly metadata?: Metadata; readonly displayId?: string }): void;
  /** Changes every output that was shown under `displayId`, in whatever cell. */
  update(displayId: string, bundle: MimeBundle, options?: { readonly metadata?: Metadata }): void;
  /** Removes the cell's outputs; with `wait`, when the next one comes. */
  clear(options?: { readonly wait?: boolean }): void;
}
