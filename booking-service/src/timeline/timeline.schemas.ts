import { id, timelineEntry } from '@flight-booking/contracts';
import { z } from 'zod';

/** The other services that do something for bookings, roughly in the order in which they do it. */
export const neighbourName = z.enum(['seat', 'discount', 'payment', 'ticket', 'notification']);
/** See {@link neighbourName}. */
export type NeighbourName = z.infer<typeof neighbourName>;

/** Whose entries a timeline has. */
const serviceName = z.enum(['booking', ...neighbourName.options]);
/** See {@link serviceName}. */
export type ServiceName = z.infer<typeof serviceName>;

/** `GET /api/bookings/:id/timeline`. */
export const timelineView = z.strictObject({
  booking_id: id,
  entries: z.array(timelineEntry.extend({ service: serviceName })),
  incomplete: z.array(neighbourName).meta({
    description: 'Services that could not be asked just now; what they did is not among the entries',
  }),
});
/** See {@link timelineView}. */
export type TimelineView = z.infer<typeof timelineView>;
