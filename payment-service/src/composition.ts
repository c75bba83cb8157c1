import { handleJob, ServiceKit, type Service } from '@flight-booking/platform';
import type { Config } from './config.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { BookingClient } from './payments/booking.client.js';
import { ChargeService } from './payments/charge.service.js';
import { CheckoutService } from './payments/checkout.service.js';
import { ConfirmationService } from './payments/confirmation.service.js';
import { FollowUps } from './payments/follow-ups.js';
import { PaymentController } from './payments/payment.controller.js';
import { confirmPayment, settlePayment } from './payments/payment.jobs.js';
import { PaymentReader } from './payments/payment-reader.js';
import { PaymentRepository } from './payments/payment.repository.js';
import { PaymentTransitions } from './payments/payment-transitions.js';
import { MockPaymentProvider } from './provider/mock-payment-provider.js';
import { MockProviderRepository } from './provider/mock-provider.repository.js';
import { RefundController } from './refunds/refund.controller.js';
import { payRefund } from './refunds/refund.jobs.js';
import { RefundRepository } from './refunds/refund.repository.js';
import { RefundService } from './refunds/refund.service.js';
import { RefundTransitions } from './refunds/refund-transitions.js';

/** Wires payment-service together. Nothing is opened before the service starts. */
export function compose(config: Config): Service {
  const kit = new ServiceKit('payment-service', config);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const bookings = new BookingClient(kit.client('booking', config.BOOKING_URL));
  const timeoutMs = config.PROVIDER_TIMEOUT_MS;
  const provider = new MockPaymentProvider(new MockProviderRepository(database), kit.clock, {
    slowMs: config.MOCK_PROVIDER_SLOW_MS,
    timeoutMs,
  });

  const payments = new PaymentRepository();
  const refundRows = new RefundRepository();
  const ledger = new LedgerRepository();
  const timing = { fastPathMs: config.FAST_PATH_MS, providerTimeoutMs: timeoutMs };
  const followUps = new FollowUps(kit.jobs, kit.clock, timing);
  const refundTransitions = new RefundTransitions(database, payments, refundRows, ledger, followUps);
  const transitions = new PaymentTransitions(database, payments, refundTransitions, ledger, followUps);

  const refunds = new RefundService(database, payments, refundRows, refundTransitions, provider);
  const charges = new ChargeService(database, payments, transitions, provider);
  const confirmations = new ConfirmationService(database, payments, transitions, bookings, refunds);
  const reader = new PaymentReader(database, payments, refundRows);
  const checkout = new CheckoutService(bookings, charges, confirmations, reader, kit.clock);

  kit.jobRunner(database, config, [
    handleJob(settlePayment, ({ payment_id: paymentId }) => charges.settle(paymentId)),
    handleJob(confirmPayment, ({ payment_id: paymentId }) => confirmations.confirm(paymentId)),
    handleJob(payRefund, ({ refund_id: refundId }) => refunds.pay(refundId)),
  ]);
  return kit.service([new PaymentController(checkout, reader), new RefundController(refunds)]);
}
