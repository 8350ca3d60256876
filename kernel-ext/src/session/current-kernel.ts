import type { KernelApi } from "./kernel-api.ts";

interface Current {
  readonly kernel: KernelApi;
  readonly ask: (prompt: string, isPassword: boolean) => string;
}

let current: Current | undefined;

/** Called once, by the session. */
export function setCurrentKernel(value: Current): void {
  current = value;
}

function required(): Current {
  if (!current) throw new Error("this works in a notebook only: no kernel runs in this process");
  return current;
}

/** The functions of the session: what the magics do. */
export const kernel: KernelApi = new Proxy({} as KernelApi, {
  get: (_target, name) => Reflect.get(required().kernel, name),
  has: (_target, name) => Reflect.has(required().kernel, name),
  ownKeys: () => Reflect.ownKeys(required().kernel),
  getOwnPropertyDescriptor: (_target, name) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(required().kernel, name);
    return descriptor && { ...descriptor, configurable: true };
  },
});

/**
 * Asks the person at the notebook for a line of text, and waits for it.
 * @throws Error where there is nobody to ask, or when the cell is interrupted
 */
export function prompt(text = ""): string {
  return required().ask(text, false);
}

/** As {@link prompt}; what is typed is not shown. */
export function password(text = "Password:"): string {
  return required().ask(text, true);
}
