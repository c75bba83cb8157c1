import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { BookingSettlements } from './booking-settlements.js';
import { refundBooking } from './booking.jobs.js';

/** Has everything given back that was captured for a booking. */
export const refundBookingHandler = (settlements: BookingSettlements): JobHandler =>
  handleJob(refundBooking, ({ booking_id: id }) => settlements.refund(id));
