import { handleJob, type JobHandler } from '@flight-booking/platform';
import { tellBooking } from './ticket.jobs.js';
import type { TicketService } from './ticket.service.js';

/** Says to booking-service what the request that issued the ticket could not, or died before it knew. */
export const tellBookingHandler = (tickets: TicketService): JobHandler =>
  handleJob(tellBooking, ({ booking_id: bookingId }) => tickets.tellBooking(bookingId));
