import { handleJob, type JobHandler } from '@flight-booking/platform';
import { announceSeats } from './seat.jobs.js';
import type { SeatAnnouncer } from './seat-announcer.js';

/** The work of {@link announceSeats}. */
export const announceSeatsHandler = (announcer: SeatAnnouncer): JobHandler =>
  handleJob(announceSeats, ({ flight_id: flightId }) => announcer.announce(flightId));
