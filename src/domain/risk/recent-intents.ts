import type { Instant } from '../time/instant.ts';
import { mostRecentIntents, type RecentIntent } from './facts.ts';

/** What is said of a list of recent proposals that `isCut`. */
export const cutList = `more than ${mostRecentIntents} proposals in the window`;

/** Whether the list ends before the window that begins at `from` does, so that it may lack what would deny. */
export function isCut(recentIntents: readonly RecentIntent[], from: Instant): boolean {
  const oldest = recentIntents.at(-1);
  // Instants compare as text.
  return recentIntents.length >= mostRecentIntents && oldest !== undefined && oldest.at >= from;
}
