import { handleJob, type JobHandler } from '@flight-booking/platform';
import { settleRefund } from './refund.jobs.js';
import type { RefundService } from './refund.service.js';

/** Finds out what became of a refund that the provider had not decided when it was asked. */
export const settleRefundHandler = (refunds: RefundService): JobHandler =>
  handleJob(settleRefund, ({ refund_id: refundId }) => refunds.settle(refundId));
