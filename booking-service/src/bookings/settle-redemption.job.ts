import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { BookingSettlements } from './booking-settlements.js';
import { settleRedemption } from './booking.jobs.js';

/** Settles the use of a discount code. */
export const settleRedemptionHandler = (settlements: BookingSettlements): JobHandler =>
  handleJob(settleRedemption, ({ booking_id: id }) => settlements.redemption(id));
