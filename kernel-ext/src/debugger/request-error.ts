/** A request that cannot be answered as asked; its message is for the user. */
export class RequestError extends Error {
  override readonly name = "RequestError";
}
