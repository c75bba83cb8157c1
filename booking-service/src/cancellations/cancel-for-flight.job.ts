import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { CancelBookingService } from './cancel-booking.service.js';
import { cancelForFlight } from './cancellation.jobs.js';

/** Cancels one booking because a flight of it is cancelled. */
export const cancelForFlightHandler = (cancellations: CancelBookingService): JobHandler =>
  handleJob(cancelForFlight, ({ booking_id: id, reason }) => cancellations.forFlight(id, reason));
