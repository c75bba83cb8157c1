import { handleJob, type JobHandler } from '@flight-booking/platform';
import { cancelFlightBookings } from './booking.jobs.js';
import type { CancelBookingService } from './cancel-booking.service.js';

/** Adds a job for each booking on a flight that is cancelled. */
export const cancelFlightBookingsHandler = (cancellations: CancelBookingService): JobHandler =>
  handleJob(cancelFlightBookings, ({ flight_id: id, reason }) => cancellations.everyBookingOn(id, reason));
