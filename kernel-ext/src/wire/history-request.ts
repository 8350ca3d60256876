import type { History } from "./history.ts";
import type { Request } from "./request.ts";

/** Answers a `history_request`. */
export function answerHistory(request: Request, history: History): void {
  const access = request.text("hist_access_type");
  if (access !== "range" && access !== "tail" && access !== "search") {
    request.fail(`hist_access_type is "${access}", not range, tail or search`);
    return;
  }
  const found = history.find({
    access,
    withOutput: request.flag("output", false),
    session: request.integer("session") ?? 0,
    start: request.integer("start") ?? 0,
    stop: request.integer("stop"),
    count: request.integer("n"),
    pattern: request.text("pattern") ?? "*",
    isUnique: request.flag("unique", false),
  });
  request.reply({ status: "ok", history: found });
}
