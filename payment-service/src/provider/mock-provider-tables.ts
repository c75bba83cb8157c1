import type { MockChargeRepository } from './mock-charge.repository.js';
import type { MockRefundRepository } from './mock-refund.repository.js';
import type { ProviderOutbox } from './provider-outbox.js';

/** The tables of the mock provider. */
export interface MockProviderTables {
  readonly charges: MockChargeRepository;
  readonly refunds: MockRefundRepository;
  readonly outbox: ProviderOutbox;
}
