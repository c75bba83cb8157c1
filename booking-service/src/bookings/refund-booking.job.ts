import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { BookingSettlements } from './booking-settlements.js';
import { refundBooking } from './booking.jobs.js';

/** Has given back what a cancelled booking owes its customer. */
export const refundBookingHandler = (settlements: BookingSettlements): JobHandler =>
  handleJob(refundBooking, ({ booking_id: id }) => settlements.refund(id));
