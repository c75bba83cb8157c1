import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { BookingDeadlines } from './booking-deadlines.js';
import { meetDeadline } from './booking.jobs.js';

/** Takes a booking back or expires it, if that is due. */
export const meetDeadlineHandler = (deadlines: BookingDeadlines): JobHandler =>
  handleJob(meetDeadline, ({ booking_id: id }) => deadlines.meet(id));
