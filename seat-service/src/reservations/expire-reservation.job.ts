import { handleJob, type JobHandler } from '@flight-booking/platform';
import { expireReservation } from './reservation.jobs.js';
import type { ReservationService } from './reservation.service.js';

/** The work of {@link expireReservation}. */
export const expireReservationHandler = (reservations: ReservationService): JobHandler =>
  handleJob(expireReservation, ({ booking_id: bookingId }) => reservations.expire(bookingId));
