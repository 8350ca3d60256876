/** `timeout`: no answer in time. `died`: the kernel's process ended. `closed`: this client was closed. `cannot-start`: no kernel came up. */
export type ClientFault = "timeout" | "died" | "closed" | "cannot-start";

/** Why a kernel did not answer. What went wrong inside a cell is no such error: it is in the reply. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly fault: ClientFault;

  constructor(fault: ClientFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
