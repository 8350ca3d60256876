import type { MimeData } from "../display/displayable.ts";
import type { JsonObject } from "../protocol/message.ts";
import type { FromMain, ToMain } from "../session/messages.ts";
import type { Request } from "./request.ts";

const types = ["comm_open", "comm_msg", "comm_close"] as const;
type CommType = (typeof types)[number];

export function isCommType(type: string): type is CommType {
  return types.some((name) => name === type);
}

/** Comm messages of front ends on their way to the main thread, and the comms that are open. */
export class CommRequests {
  readonly #post: (message: ToMain) => void;
  readonly #handled = new Map<number, () => void>();
  readonly #targets = new Map<string, string>();

  constructor(post: (message: ToMain) => void) {
    this.#post = post;
  }

  /** @returns when the main thread has handled it */
  async handle({ owner, type, content, message }: Request): Promise<void> {
    const { comm_id: id, target_name: target = "", data = {} } = content;
    if (!isCommType(type) || typeof id !== "string" || typeof target !== "string") return;
    if (type === "comm_open") this.#targets.set(id, target);
    if (type === "comm_close") this.#targets.delete(id);
    const handled = new Promise<void>((resolve) => this.#handled.set(owner, resolve));
    this.#post({
      kind: "comm",
      type,
      owner,
      id,
      target,
      data: data as MimeData,
      metadata: message.metadata as { [name: string]: MimeData },
      buffers: message.buffers.map((buffer) => new Uint8Array(buffer)),
    });
    await handled;
  }

  /** What the main thread does with a comm. */
  sent({ type, id, target = "" }: Extract<FromMain, { kind: "comm" }>): void {
    if (type === "comm_open") this.#targets.set(id, target);
    if (type === "comm_close") this.#targets.delete(id);
  }

  handled(owner: number): void {
    this.#handled.get(owner)?.();
    this.#handled.delete(owner);
  }

  /** No message that was given to the main thread is waited for any longer: what handled it was interrupted. */
  endHandling(): void {
    for (const end of this.#handled.values()) end();
    this.#handled.clear();
  }

  /** The answer to `comm_info_request`. @param target - undefined for all */
  open(target: string | undefined): JsonObject {
    const known = [...this.#targets].filter(([, name]) => target === undefined || name === target);
    return Object.fromEntries(known.map(([id, name]) => [id, { target_name: name }]));
  }
}
