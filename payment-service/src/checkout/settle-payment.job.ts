import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { ChargeService } from './charge.service.js';
import { settlePayment } from './checkout.jobs.js';
import type { ConfirmationService } from './confirmation.service.js';

/**
 * Finds out what became of a charge whose request did not, and confirms its booking at once: the job that stands
 * behind the confirmation waits for a request, and here is none.
 */
export const settlePaymentHandler = (
  charges: ChargeService,
  confirmations: ConfirmationService,
): JobHandler =>
  handleJob(settlePayment, async ({ payment_id: paymentId }) => {
    await confirmations.attempt(await charges.settle(paymentId));
  });
