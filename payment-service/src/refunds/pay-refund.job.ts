import { handleJob, type JobHandler } from '@flight-booking/platform';
import { payRefund } from './refund.jobs.js';
import type { RefundService } from './refund.service.js';

/** Pays a refund that the request which decided it could not. */
export const payRefundHandler = (refunds: RefundService): JobHandler =>
  handleJob(payRefund, ({ refund_id: refundId }) => refunds.pay(refundId));
