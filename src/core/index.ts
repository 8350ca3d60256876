export { type Clock, systemClock } from "./clock.ts";
export { didYouMean, type ErrorCode, type ErrorDetails, errorCodes, nearestName, SoclabError } from "./errors.ts";
export { datasetsDir, packageRoot } from "./package-root.ts";
export { linearTimeFault, type PatternFault } from "./patterns/linear-time.ts";
export { searchTimeFault } from "./patterns/search-time.ts";
export type { Progress, WorkOptions } from "./progress.ts";
export { createRandom, type Random } from "./random.ts";
export { version } from "./version.ts";
