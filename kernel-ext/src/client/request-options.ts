import type { Header, JsonObject } from "../protocol/message.ts";

export interface SendOptions {
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
  /** Id of the subshell that the request is for. */
  readonly subshell?: string;
  /** The message that this one answers. */
  readonly parentHeader?: Header;
}

export interface RequestOptions extends SendOptions {
  /** Rejects with a `ClientError` `timeout` after it; `Infinity` waits for ever. @default 30_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
