import type { TimelineEntry } from '@flight-booking/contracts';
import type { NeighbourName, ServiceName } from './timeline.schemas.js';

/** What one service did for a booking, the oldest first. */
export interface PartOfTimeline {
  readonly service: NeighbourName;
  /** Undefined when the service could not be asked. */
  readonly entries: readonly TimelineEntry[] | undefined;
}

/** Everything that happened to a booking. */
export interface Timeline {
  readonly entries: readonly (TimelineEntry & { readonly service: ServiceName })[];
  readonly incomplete: readonly NeighbourName[];
}

/**
 * Merges what the services tell by time. Entries of one instant keep the order in which their service gave them, ours
 * come before the others, and those in the order of the parts, so that the same facts always make the same timeline.
 * Each time is that of the database which keeps the fact.
 */
export function mergedTimeline(own: readonly TimelineEntry[], parts: readonly PartOfTimeline[]): Timeline {
  const entries = [{ service: 'booking' as const, entries: own }, ...parts].flatMap(
    ({ service, entries: told = [] }) => told.map((entry) => ({ ...entry, service })),
  );
  return {
    entries: entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    incomplete: parts.filter((part) => part.entries === undefined).map(({ service }) => service),
  };
}
