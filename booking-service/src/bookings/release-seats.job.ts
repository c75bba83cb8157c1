import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { SeatClient } from '../seats/seat.client.js';
import { releaseSeats } from './booking.jobs.js';

/** Frees the seats of a booking for good. */
export const releaseSeatsHandler = (seats: SeatClient): JobHandler =>
  handleJob(releaseSeats, ({ booking_id: id }) => seats.release(id));
