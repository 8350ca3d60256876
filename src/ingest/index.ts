export { createParser, type Feed, feedOf, feeds, isFeed } from "./feeds.ts";
export type { ParseOutput, Parser, ParserOptions, ParserState, SourceFault } from "./parser.ts";
export { type ParsedPart, parseSource, readSource, type SourceChunk } from "./source.ts";
