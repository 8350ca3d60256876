import type { Comms } from "../comm.ts";
import { splitBuffers } from "./buffers.ts";

/** The open widgets, by their comm. */
export const liveWidgets = new Map<string, () => object>();

const answered = new WeakSet<Comms>();

/** A page that is loaded again asks for all widgets at once; without an answer it waits some seconds before it asks for each. */
export function answerWidgetControl(comms: Comms): void {
  if (answered.has(comms)) return;
  answered.add(comms);
  comms.register("jupyter.widget.control", (comm) => {
    comm.onMessage(({ data }) => {
      if (typeof data !== "object" || data === null || Array.isArray(data) || data.method !== "request_states") return;
      const states = [...liveWidgets].map(([id, state]) => [
        id,
        { model_name: "AnyModel", model_module: "anywidget", model_module_version: "*", state: state() },
      ]);
      const { state, bufferPaths, buffers } = splitBuffers(Object.fromEntries(states));
      comm.send({ method: "update_states", states: state, buffer_paths: bufferPaths }, { buffers });
    });
  });
}
