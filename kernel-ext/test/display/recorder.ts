import { EventEmitter } from "node:events";
import {
  type Comm,
  type CommMessage,
  type CommOptions,
  type Comms,
  type MimeBundle,
  type MimeData,
  type Output,
  setFrontEnd,
} from "../../src/index.ts";

export interface Shown {
  readonly kind: "display" | "update" | "clear";
  readonly bundle?: MimeBundle;
  readonly options?: object;
  readonly displayId?: string;
}

/** A front end that keeps what it is told. */
export class Recorder implements Output {
  readonly shown: Shown[] = [];
  readonly comms = new RecordedComms();

  display(bundle: MimeBundle, options: object = {}): void {
    this.shown.push({ kind: "display", bundle, options });
  }

  update(displayId: string, bundle: MimeBundle, options: object = {}): void {
    this.shown.push({ kind: "update", displayId, bundle, options });
  }

  clear(options: object = {}): void {
    this.shown.push({ kind: "clear", options });
  }

  texts(): string[] {
    return this.shown.map(({ bundle }) => String(bundle?.["text/plain"]));
  }
}

/** Runs with a front end that records. */
export async function recorded(run: (recorder: Recorder) => unknown): Promise<Recorder> {
  const recorder = new Recorder();
  setFrontEnd({ output: recorder, comms: recorder.comms });
  try {
    await run(recorder);
  } finally {
    setFrontEnd(undefined);
  }
  return recorder;
}

export interface Sent {
  readonly type: "open" | "msg" | "close";
  readonly data: MimeData;
  readonly options: CommOptions;
}

class RecordedComm implements Comm {
  readonly target: string;
  readonly id: string;
  readonly sent: Sent[] = [];
  readonly #events = new EventEmitter();

  constructor(target: string, id: string) {
    this.target = target;
    this.id = id;
  }

  send(data: MimeData, options: CommOptions = {}): void {
    this.sent.push({ type: "msg", data, options });
  }

  close(data: MimeData = {}, options: CommOptions = {}): void {
    this.sent.push({ type: "close", data, options });
  }

  onMessage(listener: (message: CommMessage) => void): () => void {
    this.#events.on("message", listener);
    return () => this.#events.off("message", listener);
  }

  onClose(listener: (message: CommMessage) => void): () => void {
    this.#events.on("close", listener);
    return () => this.#events.off("close", listener);
  }

  receive(data: MimeData, buffers: readonly Uint8Array[] = []): void {
    this.#events.emit("message", { data, metadata: {}, buffers });
  }

  receiveClose(): void {
    this.#events.emit("close", { data: {}, metadata: {}, buffers: [] });
  }

  /** The data of the messages, without those sent before. */
  take(): MimeData[] {
    return this.sent.splice(0).map(({ data }) => data);
  }
}

class RecordedComms implements Comms {
  readonly opened: RecordedComm[] = [];
  readonly targets = new Map<string, (comm: Comm, message: CommMessage) => void>();

  open(target: string, data: MimeData = {}, options: CommOptions = {}): Comm {
    const comm = new RecordedComm(target, `comm-${this.opened.length}`);
    comm.sent.push({ type: "open", data, options });
    this.opened.push(comm);
    return comm;
  }

  register(target: string, onOpen: (comm: Comm, message: CommMessage) => void): () => void {
    this.targets.set(target, onOpen);
    return () => this.targets.delete(target);
  }

  /** As if a front end opened one. */
  receiveOpen(target: string): RecordedComm {
    const comm = new RecordedComm(target, `from-outside-${target}`);
    this.targets.get(target)?.(comm, { data: {}, metadata: {}, buffers: [] });
    return comm;
  }
}
