import type { RequestArguments } from "./request-arguments.ts";

/** Answers one command: its result is the response's body. */
export type Handler = (args: RequestArguments) => Promise<object | undefined> | object | undefined;

/** Handlers by the name of their command. */
export type Handlers = { readonly [command: string]: Handler };
