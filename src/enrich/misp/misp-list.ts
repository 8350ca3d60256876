import type { ListReader } from "../intel/list-source.ts";

export const readMisp: ListReader = async (_source, sink) => {
  sink.setAside("a format that is not read yet");
};
