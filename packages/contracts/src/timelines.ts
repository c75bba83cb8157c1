import { z } from 'zod';
import { instant } from './scalars.js';

/** One thing that happened to a booking. */
export const timelineEntry = z.strictObject({
  at: instant,
  /** What happened: the thing and a verb, such as `seats.locked` or `refund.succeeded`. */
  event: z.string().regex(/^[a-z_]+(\.[a-z_]+)+$/),
  /** The same in a sentence, for people: which seats, how much, which number. */
  detail: z.string(),
  /**
   * Who or what made it happen, such as `customer`, `operator`, `payment provider` or `seat-service`; followed, if the
   * reason is known, by a colon and it: `seat-service: nobody paid in time`.
   */
  cause: z.string(),
});
/** See {@link timelineEntry}. */
export type TimelineEntry = z.infer<typeof timelineEntry>;

/**
 * `GET /internal/bookings/:id/timeline` of every service that does something for bookings: what it did, the oldest
 * first. A booking that it never heard of has no entries.
 */
export const timelinePart = z.strictObject({ entries: z.array(timelineEntry) });
/** See {@link timelinePart}. */
export type TimelinePart = z.infer<typeof timelinePart>;

/** A {@link TimelineEntry} as a service knows it: without a time it has not happened. */
export type TimelineFact = Omit<TimelineEntry, 'at'> & { readonly at: Date | null };

/** What happened of all that may have, the oldest first. */
export const timelineOf = (facts: readonly TimelineFact[]): TimelineEntry[] =>
  byTime(facts.flatMap(({ at, ...fact }) => (at === null ? [] : [{ at: at.toISOString(), ...fact }])));

/** Entries in the order in which they happened; those of one instant stay as they are. */
export const byTime = (entries: readonly TimelineEntry[]): TimelineEntry[] =>
  entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
