import { z } from 'zod';
import { instant } from './scalars.js';

/** One thing that happened to a booking. */
export const timelineEntry = z.strictObject({
  at: instant,
  /** What happened: the thing and a verb, such as `seats.locked` or `refund.succeeded`. */
  event: z.string().regex(/^[a-z_]+(\.[a-z_]+)+$/),
  /** The same in words, for people: which seats, how much, which number. */
  detail: z.string(),
  /** Who or what made it happen, such as `customer`, `payment provider` or `seat-service`, and why if that is known. */
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
