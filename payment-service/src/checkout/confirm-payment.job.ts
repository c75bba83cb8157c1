import { handleJob, type JobHandler } from '@flight-booking/platform';
import { confirmPayment } from './checkout.jobs.js';
import type { ConfirmationService } from './confirmation.service.js';

/** Brings a captured payment to its end although its request could not. */
export const confirmPaymentHandler = (confirmations: ConfirmationService): JobHandler =>
  handleJob(confirmPayment, async ({ payment_id: paymentId }) => {
    await confirmations.confirm(paymentId);
  });
