import type { Frame } from "./call-stack.ts";
import type { Page } from "./children.ts";
import { type DebugSession, pauseGroup } from "./debug-session.ts";
import type { Handle } from "./handles.ts";
import type { RemoteObject } from "./inspector.ts";
import type { RequestArguments } from "./request-arguments.ts";
import { RequestError } from "./request-error.ts";
import type { Handlers } from "./requests.ts";
import { richVariable } from "./rich-variable.ts";
import { typeText, valueText } from "./value-text.ts";
import type { Variable } from "./variable.ts";

/** Objects that expressions made while nothing was paused. */
const evaluationGroup = "evaluation";

/** Requests about values. */
export function variableRequests(session: DebugSession): Handlers {
  const { inspector, execution, handles, factory, children, evaluator, variables, target } = session;

  /** While a cell is paused every expression is for a frame: the one named, or the top one. */
  const frameOf = (args: RequestArguments, name = "frameId"): Frame | undefined =>
    execution.pause === undefined ? undefined : session.stack.getOrTop(args.optionalInteger(name));
  const groupOf = (frame: Frame | undefined): string => (frame === undefined ? evaluationGroup : pauseGroup);

  async function open(generation: string, handle: Handle, page: Page): Promise<readonly Variable[]> {
    switch (handle.kind) {
      case "object":
        return children.ofObject(generation, handle, page);
      case "slice":
        return children.ofSlice(generation, handle);
      case "scope":
        return children.ofScopes(generation, handle.objectIds);
      case "getter":
        return children.ofGetter(generation, handle);
      case "thrown":
        return [factory.variable(generation, "(exception)", handle.value, undefined), ...(await open(generation, handle.scope, page))];
      case "session":
        return variables.list(children);
    }
  }

  const shown = (value: RemoteObject, frame: Frame | undefined, path: string | undefined): object => ({
    value: valueText(value),
    type: typeText(value),
    variablesReference: factory.reference(groupOf(frame), value, path),
  });

  return {
    async variables(args) {
      const { generation, handle } = handles.get(args.integer("variablesReference"));
      const page = {
        filter: args.optionalText("filter"),
        start: args.optionalInteger("start") ?? 0,
        count: args.optionalInteger("count") || undefined,
      };
      return { variables: await open(generation, handle, page) };
    },

    async inspectVariables() {
      return { variables: await variables.list(children) };
    },

    async richInspectVariables(args) {
      const frame = frameOf(args);
      const name = args.text("variableName");
      if (!(await evaluator.isIdentifier(name)) && name !== "this") return { data: {}, metadata: {} };
      const options = { frame, objectGroup: groupOf(frame) };
      return richVariable(inspector, evaluator, name, options).catch((error: unknown) => {
        if (error instanceof RequestError) return { data: {}, metadata: {} };
        throw error;
      });
    },

    async evaluate(args) {
      const expression = args.text("expression");
      const context = args.optionalText("context");
      const frame = frameOf(args);
      const isPure = context === "hover" || context === "watch" || context === "variables";
      const value = await evaluator.evaluate(expression, { frame, isPure, objectGroup: groupOf(frame) });
      const text = context === "clipboard" && value.type === "string" ? String(value.value) : valueText(value);
      const { variablesReference, type } = {
        type: typeText(value),
        variablesReference: factory.reference(groupOf(frame), value, expression),
      };
      return { result: text, type, variablesReference };
    },

    async setVariable(args) {
      const name = args.text("name");
      const { handle: asked } = handles.get(args.integer("variablesReference"));
      const handle = asked.kind === "thrown" ? asked.scope : asked;
      const frame = handle.kind === "scope" ? handle.frame : frameOf(args);
      const options = { frame, objectGroup: groupOf(frame) };
      if (handle.kind === "scope" || handle.kind === "session") {
        if (!(await evaluator.isIdentifier(name))) throw new RequestError(`${JSON.stringify(name)} cannot be set`);
        return shown(await evaluator.evaluate(`${name} = (${args.text("value")}\n)`, options), frame, name);
      }
      if (handle.kind !== "object" && handle.kind !== "slice") throw new RequestError(`${JSON.stringify(name)} cannot be set`);
      const value = await evaluator.evaluate(`(${args.text("value")}\n)`, options);
      await evaluator.assign(handle.objectId, name, value);
      return shown(value, frame, undefined);
    },

    async copyToGlobals(args) {
      const source = args.text("srcVariableName");
      const name = args.text("dstVariableName");
      for (const each of [source, name]) {
        if (!(await evaluator.isIdentifier(each))) throw new RequestError(`${JSON.stringify(each)} is no name of a variable`);
      }
      const frame = session.stack.get(args.integer("srcFrameId"));
      const value = await evaluator.copyToSession(name, source, frame, pauseGroup);
      target.declared?.(name);
      return shown(value, frame, name);
    },
  };
}
