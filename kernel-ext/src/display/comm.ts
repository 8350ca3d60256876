import type { MimeData } from "./displayable.ts";
import type { Metadata } from "./output.ts";

export interface CommMessage {
  readonly data: MimeData;
  readonly metadata: Metadata;
  readonly buffers: readonly Uint8Array[];
}

export interface CommOptions {
  readonly metadata?: Metadata;
  readonly buffers?: readonly Uint8Array[];
}

/** One open channel between an object here and one in the front end. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: MimeData, options?: CommOptions): void;
  close(data?: MimeData, options?: CommOptions): void;
  /** Called for every message of the front end, in order. @returns a function that stops it */
  onMessage(listener: (message: CommMessage) => void): () => void;
  onClose(listener: (message: CommMessage) => void): () => void;
}

/** The session's comms. */
export interface Comms {
  /** Opens a channel to `target` in the front end. */
  open(target: string, data?: MimeData, options?: CommOptions): Comm;
  /** Answers channels that the front end opens to `target`. @returns a function that withdraws it */
  register(target: string, onOpen: (comm: Comm, message: CommMessage) => void): () => void;
}
