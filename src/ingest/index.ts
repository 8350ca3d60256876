export type { FeedFormat } from "./feed-format.ts";
export { createParser, type Feed, feedOf, feeds } from "./feeds.ts";
export { type FoundSource, findSources, sniffFeed } from "./follow/find-sources.ts";
export { FollowedFile, identityOf, type SourceRead } from "./follow/followed-file.ts";
export { type MatchedSource, matchSources, type SavedSource } from "./follow/match-sources.ts";
export type { ParseOutput, Parser, ParserOptions, ParserState, ReadingOptions, SourceFault } from "./parser.ts";
export { type KeptRecord, type RereadOptions, rereadRecords } from "./reread.ts";
export { type ParsedPart, type ParseSourceOptions, parseSource, readSource, type SourceChunk } from "./source.ts";
export { deviceTimes } from "./times/device-times.ts";
