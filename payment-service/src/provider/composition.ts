import type { Clock, Database, JobQueue } from '@flight-booking/platform';
import { MockChargeRepository } from './mock-charge.repository.js';
import { MockCharges, type MockTiming } from './mock-charges.js';
import { MockPaymentProvider, type MockProviderOptions } from './mock-payment-provider.js';
import { MockRefundRepository } from './mock-refund.repository.js';
import { MockRefunds } from './mock-refunds.js';
import { ProviderOutbox } from './provider-outbox.js';

/** Wires the mock provider together, which takes the place that a real one has in the service's composition. */
export function composeMockProvider(
  database: Database,
  jobs: JobQueue,
  clock: Clock,
  options: MockTiming & MockProviderOptions,
) {
  const outbox = new ProviderOutbox(jobs);
  const tables = { charges: new MockChargeRepository(), refunds: new MockRefundRepository(), outbox };
  const charges = new MockCharges(database, tables, jobs, clock, options);
  const refunds = new MockRefunds(database, tables, jobs, clock, options);
  const provider = new MockPaymentProvider(database, tables, { charges, refunds }, clock, options);
  return { provider, charges, refunds, outbox };
}
