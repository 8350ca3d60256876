import type { Frame } from "./call-stack.ts";
import type { Handle, Handles } from "./handles.ts";
import type { RemoteObject } from "./inspector.ts";

/** A `Scope` of the Debug Adapter Protocol. */
export interface Scope {
  readonly name: string;
  readonly presentationHint?: "arguments" | "locals" | "registers";
  readonly variablesReference: number;
  readonly expensive: boolean;
}

/**
 * The scopes of a frame under names of their own, as JupyterLab tells scopes apart by name: the blocks and the function
 * in one, what it closes over, the module, and the session's variables as "Globals". What was thrown stands in the first.
 */
export function scopesOf(
  frame: Frame,
  handles: Handles,
  generation: string,
  { isCell, exception }: { readonly isCell: boolean; readonly exception: RemoteObject | undefined },
): readonly Scope[] {
  const groups = new Map<string, string[]>();
  for (const { type, object } of frame.callFrame?.scopeChain ?? []) {
    const isOuter = groups.has("Closure") || groups.has("Module");
    const name = type === "closure" || (type === "block" && isOuter) ? "Closure" : type === "module" ? "Module" : "Locals";
    if (type === "script" || type === "global" || (type === "local" && isCell) || object.objectId === undefined) continue;
    groups.set(name, [...(groups.get(name) ?? []), object.objectId]);
  }
  const scopes = [
    ...Array.from(groups, ([name, objectIds]) => ({ name, handle: { kind: "scope", objectIds, frame } satisfies Handle })),
    { name: "Globals", handle: { kind: "session" } satisfies Handle },
  ];
  return scopes.map(({ name, handle }, at) => ({
    name,
    ...(name === "Locals" && { presentationHint: "locals" as const }),
    variablesReference: handles.add(
      generation,
      at === 0 && exception !== undefined ? { kind: "thrown", value: exception, scope: handle } : handle,
    ),
    expensive: false,
  }));
}
