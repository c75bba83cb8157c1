import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { MockRefunds } from './mock-refunds.js';
import { decideRefund } from './provider.jobs.js';

/** Lets the mock provider go on with a refund that nobody asks for, once its time has come by this process's clock. */
export const decideRefundHandler = (refunds: MockRefunds): JobHandler =>
  handleJob(decideRefund, async ({ idempotency_key: key }) => {
    const refund = await refunds.find(key);
    if (refund?.status !== refund?.outcome)
      throw new Error(`The time of the refund ${key} has not come yet.`);
  });
