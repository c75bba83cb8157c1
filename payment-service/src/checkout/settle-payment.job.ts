import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { ChargeService } from './charge.service.js';
import { settlePayment } from './checkout.jobs.js';

/** Finds out what became of a charge whose request did not. */
export const settlePaymentHandler = (charges: ChargeService): JobHandler =>
  handleJob(settlePayment, ({ payment_id: paymentId }) => charges.settle(paymentId));
