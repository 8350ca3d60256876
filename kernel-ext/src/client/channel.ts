import { Dealer, Subscriber } from "zeromq";

const reconnectMs = 10;

/** One socket to a kernel: frames are sent in order, and what comes is handed to `onFrames`. */
export class Channel {
  readonly #socket: Dealer | Subscriber;
  #lastSend: Promise<void> = Promise.resolve();

  /** @param routingId - the same for shell, control and stdin: the kernel asks for input under the name that the request came from */
  static dealer(address: string, routingId: string, onFrames: (frames: Buffer[]) => void): Channel {
    const options = { routingId, linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0, reconnectInterval: reconnectMs };
    return new Channel(new Dealer(options), address, onFrames);
  }

  static subscriber(address: string, onFrames: (frames: Buffer[]) => void): Channel {
    // Without a mark nothing of 100,000 quick lines is dropped.
    const socket = new Subscriber({ linger: 0, receiveHighWaterMark: 0, reconnectInterval: reconnectMs });
    socket.subscribe();
    return new Channel(socket, address, onFrames);
  }

  private constructor(socket: Dealer | Subscriber, address: string, onFrames: (frames: Buffer[]) => void) {
    this.#socket = socket;
    socket.connect(address);
    void this.#receive(onFrames);
  }

  send(frames: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (!(socket instanceof Dealer)) throw new TypeError("an iopub channel cannot send");
    // A socket takes one send at a time. One that fails belongs to a closed socket, whose requests were told already.
    this.#lastSend = this.#lastSend.then(() => socket.send([...frames])).catch(() => {});
  }

  close(): void {
    this.#socket.close();
  }

  async #receive(onFrames: (frames: Buffer[]) => void): Promise<void> {
    const socket = this.#socket;
    while (!socket.closed) {
      let frames: Buffer[];
      try {
        frames = await socket.receive();
      } catch (error) {
        if (socket.closed) return;
        throw error;
      }
      onFrames(frames);
    }
  }
}
