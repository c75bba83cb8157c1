import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { CancelBookingService } from './cancel-booking.service.js';
import { cancelFlightBookings } from './cancellation.jobs.js';

/** Adds a job for each booking on a flight that is cancelled. */
export const cancelFlightBookingsHandler = (cancellations: CancelBookingService): JobHandler =>
  handleJob(cancelFlightBookings, ({ flight_id: id, reason }) => cancellations.everyBookingOn(id, reason));
