/** A notebook that is none, a parameter that cannot be one: what was wrong, and what to do about it. */
export class NotebookError extends Error {
  override readonly name = "NotebookError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
