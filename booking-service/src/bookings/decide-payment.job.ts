import { handleJob, type JobHandler } from '@flight-booking/platform';
import { decidePayment } from './booking.jobs.js';
import type { ConfirmBookingService } from './confirm-booking.service.js';

/** Decides a captured payment that nobody else has decided. */
export const decidePaymentHandler = (confirmations: ConfirmBookingService): JobHandler =>
  handleJob(
    decidePayment,
    async ({ booking_id: bookingId, payment_id: paymentId, amount_paise: amountPaise }) => {
      await confirmations.confirm({ bookingId, paymentId, amountPaise });
    },
  );
