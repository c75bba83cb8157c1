import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { MockRefunds } from './mock-refunds.js';
import { decideRefund } from './provider.jobs.js';

/** Lets the mock provider go on with a refund that nobody asks for. */
export const decideRefundHandler = (refunds: MockRefunds): JobHandler =>
  handleJob(decideRefund, ({ idempotency_key: key }) => refunds.settle(key));
