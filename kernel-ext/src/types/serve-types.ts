import { parentPort, workerData } from "node:worker_threads";
import { CellChecker } from "./cell-checker.ts";
import { completeCell } from "./complete-cell.ts";
import { completenessOf } from "./completeness.ts";
import { inspectCell } from "./inspect-cell.ts";
import type { FromTypes, ToTypes, TypesAnswer, TypesCall, TypesWorkerData } from "./messages.ts";
import { noProviders } from "./providers.ts";
import { RemoteProviders } from "./remote-providers.ts";

/** Answers the client, from a worker. Loading begins at once; what is asked meanwhile waits for it. */
export function serveTypes({ onWarm }: { readonly onWarm: () => void }): void {
  const port = parentPort;
  if (!port) throw new Error("types/worker.ts runs in a worker");
  const { directory, home, conditions, hasProviders } = workerData as TypesWorkerData;
  const post = (message: FromTypes): void => port.postMessage(message);
  const remote = hasProviders ? new RemoteProviders((message) => post({ toProviders: message })) : undefined;
  const checker = new CellChecker({ directory, home, conditions }, remote ?? noProviders);
  let idle: NodeJS.Timeout | undefined;

  const answer = async (call: TypesCall): Promise<TypesAnswer> => {
    switch (call.method) {
      case "prepare": {
        const { map, ...prepared } = await checker.prepare(call.cell, call.source, call.mode);
        return { ...prepared, pieces: map.pieces, checked: checker.checkedText(call.cell) };
      }
      case "complete":
        return completeCell(checker, call.source, call.cursor);
      case "inspect":
        return inspectCell(checker, call.source, call.cursor, call.detail);
      case "isComplete":
        return completenessOf(call.source);
    }
  };

  const tidyWhenIdle = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => checker.tidy(), 300);
    idle.unref();
  };

  port.on("message", (message: ToTypes) => {
    if ("fromProviders" in message) remote?.receive(message.fromProviders);
    else if ("id" in message) {
      const { id } = message;
      answer(message.call).then(
        (result) => post({ id, answer: result }),
        (error: unknown) => post({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
      tidyWhenIdle();
    } else if (message.note === "commit") checker.commit(message.cell);
    else if (message.note === "forget") checker.forget(message.names);
    else checker.restore(message.checked, message.isCommitted);
  });
  checker.warm();
  post({ ready: true });
  setTimeout(onWarm, 2000).unref();
}
