import { JobQueue, SystemClock, type Database } from '@flight-booking/platform';
import { LedgerRepository } from '../ledger/ledger.repository.js';
import { FollowUps } from '../jobs/follow-ups.js';
import { PaymentRepository } from '../payments/payment.repository.js';
import { PaymentTransitions } from '../checkout/payment-transitions.js';
import { MockPaymentProvider } from '../provider/mock-payment-provider.js';
import { MockProviderRepository } from '../provider/mock-provider.repository.js';
import { RefundRepository } from '../refunds/refund.repository.js';
import { RefundTransitions } from '../refunds/refund-transitions.js';

/** Parts of the service, for tests that take single steps and stop where a process may die. */
export function testParts(database: Database) {
  const payments = new PaymentRepository();
  const refunds = new RefundRepository();
  const ledger = new LedgerRepository();
  const followUps = new FollowUps(new JobQueue(), new SystemClock(), { fastPathMs: 1, providerTimeoutMs: 1 });
  const refundTransitions = new RefundTransitions(database, payments, refunds, ledger, followUps);
  const transitions = new PaymentTransitions(database, payments, refundTransitions, ledger, followUps);
  const provider = new MockPaymentProvider(database, new MockProviderRepository(), new SystemClock(), {
    slowMs: 2_000,
    timeoutMs: 50,
  });
  return { payments, refunds, refundTransitions, transitions, provider };
}
