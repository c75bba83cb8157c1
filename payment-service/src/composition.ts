import { ServiceKit, type Surroundings, type Database, type Service } from '@flight-booking/platform';
import { BookingClient } from './bookings/booking.client.js';
import { ChargeService } from './checkout/charge.service.js';
import { CheckoutService } from './checkout/checkout.service.js';
import { confirmPaymentHandler } from './checkout/confirm-payment.job.js';
import { ConfirmationService } from './checkout/confirmation.service.js';
import { PaymentController } from './checkout/payment.controller.js';
import { PaymentReader } from './checkout/payment-reader.js';
import { PaymentRetryController } from './checkout/payment-retry.controller.js';
import { PaymentRetryService } from './checkout/payment-retry.service.js';
import { PaymentStepRepository } from './checkout/payment-step.repository.js';
import { PaymentTransitions } from './checkout/payment-transitions.js';
import { settlePaymentHandler } from './checkout/settle-payment.job.js';
import type { Config } from './config.js';
import { BackstopJobs } from './jobs/backstop-jobs.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { PaymentRepository } from './payments/payment.repository.js';
import { composeMockProvider, composeProviderSide } from './provider/composition.js';
import { composeReconciliation } from './reconciliation/composition.js';
import { reconcilePaymentsHandler } from './reconciliation/reconcile-payments.job.js';
import { OperatorRefundService } from './refunds/operator-refund.service.js';
import { payRefundHandler } from './refunds/pay-refund.job.js';
import { RefundAttemptRepository } from './refunds/refund-attempt.repository.js';
import { RefundAttemptTransitions } from './refunds/refund-attempt-transitions.js';
import { RefundController } from './refunds/refund.controller.js';
import { RefundRepository } from './refunds/refund.repository.js';
import { RefundService } from './refunds/refund.service.js';
import { RefundTransitions } from './refunds/refund-transitions.js';
import { settleRefundHandler } from './refunds/settle-refund.job.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { TimelineRepository } from './timeline/timeline.repository.js';
import { TimelineService } from './timeline/timeline.service.js';
import { ProviderEventRepository } from './webhooks/provider-event.repository.js';
import { WebhookController } from './webhooks/webhook.controller.js';
import { WebhookService, type WebhookRecords } from './webhooks/webhook.service.js';

/** Wires payment-service together. Nothing is opened before the service starts. */
export function compose(config: Config, surroundings: Surroundings = {}): Service {
  const kit = new ServiceKit('payment-service', config, surroundings);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const bookings = new BookingClient(kit.client('booking', config.BOOKING_URL));
  const timeoutMs = config.PROVIDER_TIMEOUT_MS;
  const mock = composeMockProvider(database, kit.jobs, kit.clock, mockProviderOptions(config));
  const { provider } = mock;

  const payments = new PaymentRepository();
  const refunds = new RefundRepository();
  const ledger = new LedgerRepository();
  const records = { payments, refunds, attempts: new RefundAttemptRepository(), ledger };
  const timing = { fastPathMs: config.FAST_PATH_MS, providerTimeoutMs: timeoutMs };
  const backstops = new BackstopJobs(kit.jobs, timing);
  const refundTransitions = new RefundTransitions(database, payments, refunds, ledger, backstops);
  const transitions = new PaymentTransitions(
    database,
    { ...records, steps: new PaymentStepRepository(backstops) },
    refundTransitions,
    backstops,
  );

  const refundAttempts = new RefundAttemptTransitions(database, records, backstops, {
    maxAttempts: config.REFUND_MAX_ATTEMPTS,
    pauseMs: config.REFUND_RETRY_MS,
  });
  const refundService = new RefundService(database, records, refundTransitions, refundAttempts, provider);
  const operatorRefunds = new OperatorRefundService(
    database,
    records,
    refundTransitions,
    refundService,
    bookings,
  );
  const reconciliation = composeReconciliation(
    kit,
    database,
    { provider, bookings, refundTransitions },
    { graceMs: config.RECONCILIATION_GRACE_MS, overdueMs: config.RECONCILIATION_OVERDUE_MS },
  );
  const charges = new ChargeService(database, payments, transitions, provider);
  const confirmations = new ConfirmationService(database, payments, transitions, bookings, refundService);
  const reader = new PaymentReader(database, payments, refunds);
  const checkout = new CheckoutService(bookings, charges, confirmations, reader, kit.clock);
  const { stuckJobRepository: stuckJobs } = kit;
  const retries = new PaymentRetryService(database, payments, refunds, refundTransitions, stuckJobs);

  const secrets = config.PAYMENT_WEBHOOK_SECRETS;
  const providerSide = composeProviderSide(database, kit.clock, mock, {
    url: () => config.PAYMENT_WEBHOOK_URL ?? `http://127.0.0.1:${service.port}/api/payments/webhook`,
    secret: secrets[0],
  });

  kit.jobRunner(database, config, [
    settlePaymentHandler(charges, confirmations),
    confirmPaymentHandler(confirmations),
    payRefundHandler(refundService),
    settleRefundHandler(refundService),
    reconcilePaymentsHandler(reconciliation.service),
    ...providerSide.handlers,
  ]);
  const keys = kit.idempotencyKeys(database);
  const service = kit.service([
    reconciliation.controller,
    new RefundController(refundService, operatorRefunds, keys),
    new PaymentController(checkout, reader, keys),
    composeWebhooks(kit, database, records, secrets),
    providerSide.pages,
    new TimelineController(new TimelineService(database, new TimelineRepository())),
    new PaymentRetryController(retries),
    kit.stuckJobs(database, '/api/payments'),
  ]);
  return service;
}

function composeWebhooks(
  kit: ServiceKit,
  database: Database,
  records: WebhookRecords,
  secrets: readonly string[],
): WebhookController {
  const webhooks = new WebhookService(database, new ProviderEventRepository(), records, kit.jobs);
  return new WebhookController(webhooks, secrets, kit.clock);
}

const mockProviderOptions = (config: Config) => ({
  slowMs: config.MOCK_PROVIDER_SLOW_MS,
  lateMs: config.MOCK_PROVIDER_LATE_MS,
  challengeMs: config.MOCK_PROVIDER_CHALLENGE_MS,
  publicUrl: config.PUBLIC_URL,
  timeoutMs: config.PROVIDER_TIMEOUT_MS,
});
