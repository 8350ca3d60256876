#!/usr/bin/env node
// Fetches Deno and tslab (180 MB) for the tests that show soclab's objects in their kernels, and for the bench beside them.
import { fetchPeers } from "./run/peers.mjs";
import { SetupError } from "./run/step.mjs";

try {
  await fetchPeers();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`soclab: ${error.message}\n${error.hint ? `  ${error.hint}\n` : ""}`);
  process.exitCode = 1;
}
