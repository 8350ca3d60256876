import { openAlertIndex } from "../../src/alerts/index.ts";
import { sampleAlert } from "./alerts.ts";

/** Writes batches of 100 alerts and prints how many are in, until it is killed. */
const index = openAlertIndex(process.argv[2]!);
for (let written = 0; ; written += 100) {
  await index.upsert(Array.from({ length: 100 }, (_, i) => sampleAlert(written + i)));
  process.stdout.write(`${written + 100}\n`);
}
