import { JobQueue, SystemClock, type Database } from '@flight-booking/platform';
import { LedgerRepository } from '../ledger/ledger.repository.js';
import { BackstopJobs } from '../jobs/backstop-jobs.js';
import { PaymentRepository } from '../payments/payment.repository.js';
import { PaymentStepRepository } from '../checkout/payment-step.repository.js';
import { PaymentTransitions } from '../checkout/payment-transitions.js';
import { composeMockProvider } from '../provider/composition.js';
import { RefundAttemptRepository } from '../refunds/refund-attempt.repository.js';
import { RefundAttemptTransitions } from '../refunds/refund-attempt-transitions.js';
import { RefundRepository } from '../refunds/refund.repository.js';
import { RefundTransitions } from '../refunds/refund-transitions.js';

/** Parts of the service, for tests that take single steps and stop where a process may die. */
export function testParts(database: Database) {
  const payments = new PaymentRepository();
  const refunds = new RefundRepository();
  const ledger = new LedgerRepository();
  const backstops = new BackstopJobs(new JobQueue(), {
    fastPathMs: 1,
    providerTimeoutMs: 1,
  });
  const steps = new PaymentStepRepository(backstops);
  const refundTransitions = new RefundTransitions(database, payments, refunds, ledger, backstops);
  const records = { payments, refunds, attempts: new RefundAttemptRepository(), ledger };
  const refundAttempts = new RefundAttemptTransitions(database, records, backstops, {
    maxAttempts: 3,
    pauseMs: 1,
  });
  const transitions = new PaymentTransitions(
    database,
    { payments, steps, ledger },
    refundTransitions,
    backstops,
  );
  const { provider } = composeMockProvider(database, new JobQueue(), new SystemClock(), {
    slowMs: 2_000,
    lateMs: 2_000,
    challengeMs: 2_000,
    publicUrl: 'http://gateway.test',
    timeoutMs: 50,
  });
  return { payments, steps, refunds, refundTransitions, refundAttempts, transitions, provider };
}
