import { randomUUID } from "node:crypto";
import type { Comm, CommMessage, CommOptions, Comms } from "../display/comm.ts";
import type { MimeData } from "../display/displayable.ts";
import type { Link } from "./link.ts";
import type { ToMain } from "./messages.ts";

type Listener = (message: CommMessage) => void;
type CommType = "comm_open" | "comm_msg" | "comm_close";

/** The comms of a session: channels that either side opens. */
export class SessionComms implements Comms {
  readonly #link: Link;
  readonly #owner: () => number;
  readonly #open = new Map<string, OpenComm>();
  readonly #targets = new Map<string, (comm: Comm, message: CommMessage) => void>();

  /** @param owner - the request that a message from here belongs to */
  constructor(link: Link, owner: () => number) {
    this.#link = link;
    this.#owner = owner;
  }

  open(target: string, data: MimeData = {}, options: CommOptions = {}): Comm {
    const comm = this.#create(randomUUID().replaceAll("-", ""), target);
    this.#send("comm_open", comm.id, target, data, options);
    return comm;
  }

  register(target: string, onOpen: (comm: Comm, message: CommMessage) => void): () => void {
    this.#targets.set(target, onOpen);
    return () => {
      if (this.#targets.get(target) === onOpen) this.#targets.delete(target);
    };
  }

  /** A message of the front end. What a listener throws is the caller's. */
  receive({ type, id, target, data, metadata, buffers }: Extract<ToMain, { kind: "comm" }>): void {
    const message = { data, metadata, buffers };
    if (type === "comm_open") {
      const onOpen = this.#targets.get(target);
      // The protocol asks for this answer to a target that nobody has registered.
      if (!onOpen) {
        this.#send("comm_close", id, undefined, {}, {});
        return;
      }
      const comm = this.#create(id, target);
      try {
        onOpen(comm, message);
      } catch (error) {
        comm.close();
        throw error;
      }
      return;
    }
    const comm = this.#open.get(id);
    if (!comm) return;
    if (type === "comm_close") {
      this.#open.delete(id);
      comm.emit("close", message);
    } else {
      comm.emit("message", message);
    }
  }

  closeAll(): void {
    for (const comm of [...this.#open.values()]) comm.close();
  }

  #create(id: string, target: string): OpenComm {
    const comm = new OpenComm(id, target, (type, data, options) => {
      if (!this.#open.has(id)) throw new Error(`the comm "${target}" is closed`);
      if (type === "comm_close") this.#open.delete(id);
      this.#send(type, id, undefined, data, options);
    });
    this.#open.set(id, comm);
    return comm;
  }

  #send(type: CommType, id: string, target: string | undefined, data: MimeData, { metadata = {}, buffers = [] }: CommOptions): void {
    this.#link.send({ kind: "comm", type, owner: this.#owner(), id, target, data, metadata, buffers });
  }
}

class OpenComm implements Comm {
  readonly id: string;
  readonly target: string;
  readonly #send: (type: CommType, data: MimeData, options: CommOptions) => void;
  readonly #listeners = { message: new Set<Listener>(), close: new Set<Listener>() };

  constructor(id: string, target: string, send: (type: CommType, data: MimeData, options: CommOptions) => void) {
    this.id = id;
    this.target = target;
    this.#send = send;
  }

  send(data: MimeData, options: CommOptions = {}): void {
    this.#send("comm_msg", data, options);
  }

  close(data: MimeData = {}, options: CommOptions = {}): void {
    this.#send("comm_close", data, options);
  }

  onMessage(listener: Listener): () => void {
    this.#listeners.message.add(listener);
    return () => this.#listeners.message.delete(listener);
  }

  onClose(listener: Listener): () => void {
    this.#listeners.close.add(listener);
    return () => this.#listeners.close.delete(listener);
  }

  emit(event: "message" | "close", message: CommMessage): void {
    for (const listener of [...this.#listeners[event]]) listener(message);
  }
}
