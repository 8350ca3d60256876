import type { MessagePort } from "node:worker_threads";
import type { Piece } from "../cells/position-map.ts";
import type { MimeBundle, MimeData } from "../display/displayable.ts";
import type { Metadata } from "../display/output.ts";
import type { TypecheckMode } from "../types/service.ts";
import type { Shared } from "./shared.ts";

export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A compiled text that the main thread evaluates. */
export interface RunnableScript {
  /** `cell-7.ts` */
  readonly url: string;
  /** The execution's name in the script: `7`. */
  readonly cell: string;
  readonly script: string;
  readonly source: string;
  readonly pieces: readonly Piece[];
  readonly declared: readonly string[];
}

export interface Limits {
  /** Seconds that a cell may run. */
  readonly seconds?: number | undefined;
  /** Bytes of JavaScript heap that a cell may reach. */
  readonly heapBytes?: number | undefined;
}

/** Wire thread → main thread. `owner` is the number of the request that the outputs belong to. */
export type ToMain =
  | {
      readonly kind: "run";
      readonly owner: number;
      readonly script: RunnableScript;
      readonly executionCount: number;
      readonly isSilent: boolean;
      readonly allowStdin: boolean;
      readonly expressions: readonly { readonly name: string; readonly script: RunnableScript | ErrorContent }[];
    }
  /** `reason` becomes the error of the running cells; without `owner` of all of them. */
  | { readonly kind: "interrupt"; readonly reason: string; readonly owner?: number }
  /** Sent behind an `interrupt`: who reads it is free again. */
  | { readonly kind: "interrupted"; readonly round: number }
  /** The wire thread has answered for this request itself. */
  | { readonly kind: "forget"; readonly owner: number }
  | {
      readonly kind: "comm";
      readonly type: "comm_open" | "comm_msg" | "comm_close";
      readonly owner: number;
      readonly id: string;
      readonly target: string;
      readonly data: MimeData;
      readonly metadata: Metadata;
      readonly buffers: readonly Uint8Array[];
    }
  | { readonly kind: "answer"; readonly request: number; readonly value: unknown; readonly error?: string }
  | { readonly kind: "shutdown" };

/** Main thread → wire thread, in one order with the text of the ring. */
export type FromMain =
  | {
      readonly kind: "done";
      readonly owner: number;
      readonly error?: ErrorContent;
      readonly result?: { readonly data: MimeBundle; readonly metadata: Metadata };
      readonly expressions: { readonly [name: string]: MimeData };
      readonly payload: readonly MimeData[];
    }
  | {
      readonly kind: "display" | "update";
      readonly owner: number;
      readonly data: MimeBundle;
      readonly metadata: Metadata;
      readonly displayId: string | undefined;
    }
  | { readonly kind: "clear"; readonly owner: number; readonly wait: boolean }
  /** An error that no cell waits for: of a timer, of a promise that nobody caught. */
  | { readonly kind: "stray"; readonly owner: number; readonly error: ErrorContent }
  | {
      readonly kind: "comm";
      readonly type: "comm_open" | "comm_msg" | "comm_close";
      readonly owner: number;
      readonly id: string;
      readonly target: string | undefined;
      readonly data: MimeData;
      readonly metadata: Metadata;
      readonly buffers: readonly Uint8Array[];
    }
  | { readonly kind: "handled"; readonly owner: number }
  | { readonly kind: "stdin"; readonly owner: number; readonly prompt: string; readonly isPassword: boolean }
  | { readonly kind: "typecheck"; readonly mode: TypecheckMode }
  | { readonly kind: "limits"; readonly limits: Limits }
  | { readonly kind: "reset"; readonly names: readonly string[] | undefined }
  | { readonly kind: "inspect"; readonly request: number; readonly source: string; readonly cursor: number }
  | { readonly kind: "exit"; readonly code: number };

/** A cell that is terminated may have posted a message and not said so in the ring: by the number the next one is told from it. */
export interface NumberedMessage {
  readonly number: number;
  readonly message: FromMain;
}

/** What the wire thread is started with. */
export interface WireData {
  readonly connection: Connection;
  readonly shared: Shared;
  /** Carries {@link NumberedMessage}; read only when a record of the ring says so. */
  readonly output: MessagePort;
  /** Answers of the front end to `prompt()`: strings. */
  readonly stdin: MessagePort;
  /** For the types thread: asks the main thread's type providers. */
  readonly providers: MessagePort;
  readonly directory: string;
  readonly conditions: readonly string[];
  /** Bytes that the JavaScript heap of the main thread may have. */
  readonly heapLimit: number;
  /** Named pipes that file descriptors 1 and 2 lead to, where the system has them. */
  readonly pipes: { readonly stdout: string; readonly stderr: string } | undefined;
}

/** Jupyter's connection file. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
}
