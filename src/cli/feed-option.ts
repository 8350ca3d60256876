import { type FeedFormat, feedOf, feeds, loadFeed } from "../ingest/index.ts";

/** What `--feed` takes, for its help. */
export const feedHelp = `what the files hold: ${feeds.map(({ name }) => name).join(", ")}, or a file that declares a feed (docs/ingest.md): my-feed.json`;

/**
 * The feed that a user names: one that soclab ships, or a definition file.
 * @throws SOCLAB_UNKNOWN_FEED, SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE, SOCLAB_INVALID_DEFINITION
 */
export async function feedOption(text: string): Promise<FeedFormat> {
  return /\.json$|[/\\]/.test(text) ? await loadFeed(text) : feedOf(text);
}
