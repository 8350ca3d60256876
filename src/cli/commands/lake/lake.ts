import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { compactCommand } from "./compact.ts";
import { infoCommand } from "./info.ts";
import { rawCommand } from "./raw.ts";
import { retainCommand } from "./retain.ts";
import { verifyCommand } from "./verify.ts";

/** `soclab lake …`: what is in a lake, whether it is whole, and its upkeep. */
export function lakeCommand(program: Command, context: Context): void {
  const group = program
    .command("lake")
    .summary("what a lake holds, whether it is whole, raw records, compaction and retention")
    .description(
      "A lake keeps every event with its raw record in Parquet files that a log of commits names. Each commit names the SHA-256 of its files and of the " +
        "commit before it, so that a changed byte shows, and the last commit's hash, the head, stands for everything in the lake.",
    )
    .addHelpText(
      "after",
      "\nExample:\n  soclab lake info --lake lake\n  soclab lake verify --lake lake\n  soclab lake raw --lake lake 92efb80249d7916100000000000ef576\n\nEach of them takes --json.\n",
    );
  infoCommand(group, context);
  rawCommand(group, context);
  verifyCommand(group, context);
  compactCommand(group, context);
  retainCommand(group, context);
}
