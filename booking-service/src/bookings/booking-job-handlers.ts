import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { SeatClient } from '../seats/seat.client.js';
import type { BookingDeadlines } from './booking-deadlines.js';
import {
  cancelFlightBookings,
  cancelForFlight,
  decidePayment,
  meetDeadline,
  refundBooking,
  releaseSeats,
  settleRedemption,
} from './booking.jobs.js';
import type { BookingSettlements } from './booking-settlements.js';
import type { CancelBookingService } from './cancel-booking.service.js';
import type { ConfirmBookingService } from './confirm-booking.service.js';

/** Who does the durable work. */
export interface BookingWorkers {
  readonly seats: SeatClient;
  readonly deadlines: BookingDeadlines;
  readonly settlements: BookingSettlements;
  readonly cancellations: CancelBookingService;
  readonly confirmations: ConfirmBookingService;
}

/** The durable work of this service, kind by kind. */
export const bookingJobHandlers = (workers: BookingWorkers): JobHandler[] => [
  handleJob(meetDeadline, ({ booking_id: id }) => workers.deadlines.meet(id)),
  handleJob(releaseSeats, ({ booking_id: id }) => workers.seats.release(id)),
  handleJob(settleRedemption, ({ booking_id: id }) => workers.settlements.redemption(id)),
  handleJob(refundBooking, ({ booking_id: id }) => workers.settlements.refund(id)),
  handleJob(
    decidePayment,
    async ({ booking_id: bookingId, payment_id: paymentId, amount_paise: amountPaise }) => {
      await workers.confirmations.confirm({ bookingId, paymentId, amountPaise });
    },
  ),
  handleJob(cancelFlightBookings, ({ flight_id: id, reason }) =>
    workers.cancellations.everyBookingOn(id, reason),
  ),
  handleJob(cancelForFlight, ({ booking_id: id, reason }) => workers.cancellations.forFlight(id, reason)),
];
