import { ServiceKit, StuckJobs, type Clock, type Service } from '@flight-booking/platform';
import { BookingClient } from './checkout/booking.client.js';
import { ChargeService } from './checkout/charge.service.js';
import { CheckoutService } from './checkout/checkout.service.js';
import { confirmPaymentHandler } from './checkout/confirm-payment.job.js';
import { ConfirmationService } from './checkout/confirmation.service.js';
import { PaymentController } from './checkout/payment.controller.js';
import { PaymentReader } from './checkout/payment-reader.js';
import { PaymentRetryController } from './checkout/payment-retry.controller.js';
import { PaymentRetryService } from './checkout/payment-retry.service.js';
import { PaymentTransitions } from './checkout/payment-transitions.js';
import { settlePaymentHandler } from './checkout/settle-payment.job.js';
import type { Config } from './config.js';
import { FollowUps } from './jobs/follow-ups.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { PaymentRepository } from './payments/payment.repository.js';
import { composeMockProvider, composeProviderSide } from './provider/composition.js';
import { composeReconciliation } from './reconciliation/composition.js';
import { reconcilePaymentsHandler } from './reconciliation/reconcile-payments.job.js';
import { BookingStatesClient } from './refunds/booking-states.client.js';
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
import { composeWebhooks } from './webhooks/composition.js';

/** Wires payment-service together. Nothing is opened before the service starts. */
export function compose(config: Config, overrides: { readonly clock?: Clock } = {}): Service {
  const kit = new ServiceKit('payment-service', config, overrides);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const bookingService = kit.client('booking', config.BOOKING_URL);
  const bookings = new BookingClient(bookingService);
  const bookingStates = new BookingStatesClient(bookingService);
  const timeoutMs = config.PROVIDER_TIMEOUT_MS;
  const mock = composeMockProvider(database, kit.jobs, kit.clock, mockProviderOptions(config));
  const { provider } = mock;

  const payments = new PaymentRepository();
  const refundRows = new RefundRepository();
  const ledger = new LedgerRepository();
  const timing = { fastPathMs: config.FAST_PATH_MS, providerTimeoutMs: timeoutMs };
  const followUps = new FollowUps(kit.jobs, kit.clock, timing);
  const refundTransitions = new RefundTransitions(database, payments, refundRows, ledger, followUps);
  const transitions = new PaymentTransitions(database, payments, refundTransitions, ledger, followUps);

  const books = { payments, refunds: refundRows, attempts: new RefundAttemptRepository(), ledger };
  const refundAttempts = new RefundAttemptTransitions(database, books, followUps, {
    maxAttempts: config.REFUND_MAX_ATTEMPTS,
    pauseMs: config.REFUND_RETRY_MS,
  });
  const refunds = new RefundService(database, books, refundTransitions, refundAttempts, provider);
  const operatorRefunds = new OperatorRefundService(
    database,
    books,
    refundTransitions,
    refunds,
    bookingStates,
  );
  const reconciliation = composeReconciliation(
    kit,
    database,
    { provider, bookings: bookingStates, debts: refundTransitions },
    { graceMs: config.RECONCILIATION_GRACE_MS, overdueMs: config.RECONCILIATION_OVERDUE_MS },
  );
  const charges = new ChargeService(database, payments, transitions, provider);
  const confirmations = new ConfirmationService(database, payments, transitions, bookings, refunds);
  const reader = new PaymentReader(database, payments, refundRows);
  const checkout = new CheckoutService(bookings, charges, confirmations, reader, kit.clock);

  const refundParts = { rows: refundRows, attempts: books.attempts, transitions: refundTransitions };
  const retries = new PaymentRetryService(database, payments, refundParts, new StuckJobs());

  const secrets = config.PAYMENT_WEBHOOK_SECRETS;
  const providerSide = composeProviderSide(database, kit.clock, mock, {
    url: () => config.PAYMENT_WEBHOOK_URL ?? `http://127.0.0.1:${service.port}/api/payments/webhook`,
    secret: secrets[0],
  });

  kit.jobRunner(database, config, [
    settlePaymentHandler(charges),
    confirmPaymentHandler(confirmations),
    payRefundHandler(refunds),
    settleRefundHandler(refunds),
    reconcilePaymentsHandler(reconciliation.service),
    ...providerSide.handlers,
  ]);
  const keys = kit.idempotencyKeys(database);
  const service = kit.service([
    reconciliation.controller,
    new RefundController(refunds, operatorRefunds, database, refundRows, keys),
    new PaymentController(checkout, reader, keys),
    composeWebhooks(kit, database, { payments, refunds: refundParts }, secrets),
    providerSide.pages,
    new TimelineController(database, new TimelineRepository()),
    new PaymentRetryController(retries),
    kit.stuckJobs(database, '/api/payments'),
  ]);
  return service;
}

const mockProviderOptions = (config: Config) => ({
  slowMs: config.MOCK_PROVIDER_SLOW_MS,
  lateMs: config.MOCK_PROVIDER_LATE_MS,
  challengeMs: config.MOCK_PROVIDER_CHALLENGE_MS,
  publicUrl: config.PUBLIC_URL,
  timeoutMs: config.PROVIDER_TIMEOUT_MS,
});
