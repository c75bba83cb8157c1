import { handleJob, type JobHandler } from '@flight-booking/platform';
import type { MockCharges } from './mock-charges.js';
import { decideCharge } from './provider.jobs.js';

/** Lets the mock provider go on with a charge that nobody asks for. */
export const decideChargeHandler = (charges: MockCharges): JobHandler =>
  handleJob(decideCharge, ({ idempotency_key: key }) => charges.settle(key));
