import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { MockCharges } from './mock-charges.js';
import { decideCharge } from './provider.jobs.js';

/** Lets the mock provider go on with a charge that nobody asks for, once its time has come by this process's clock. */
export const decideChargeHandler = (charges: MockCharges): JobHandler =>
  handleJob(decideCharge, async ({ idempotency_key: key }) => {
    const { status, outcome } = await charges.get(key);
    if (status !== outcome) throw new Error(`The time of the charge ${key} has not come yet.`);
  });
