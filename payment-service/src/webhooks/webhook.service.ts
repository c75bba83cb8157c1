import { CURRENCY } from '@flight-booking/contracts';
import type { Database, JobQueue, Queries } from '@flight-booking/platform';
import { settlePayment } from '../checkout/checkout.jobs.js';
import type { PaymentRepository } from '../payments/payment.repository.js';
import type { ProviderEvent } from '../provider/provider-event.js';
import type { RefundAttemptRepository } from '../refunds/refund-attempt.repository.js';
import { settleRefund } from '../refunds/refund.jobs.js';
import type { RefundRepository } from '../refunds/refund.repository.js';
import { judge, UNKNOWN_KEY, type Subject } from './judgement.js';
import type { Judgement, ProviderEventRepository } from './provider-event.repository.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What webhooks can be about. */
export interface WebhookRecords {
  readonly payments: PaymentRepository;
  readonly refunds: RefundRepository;
  readonly attempts: RefundAttemptRepository;
}

/** A judgement after which the provider is asked. */
type Question = Judgement & { readonly paymentId: number };

const asksProvider = (judgement: Judgement): judgement is Question =>
  judgement.outcome !== 'KNOWN' && judgement.paymentId !== null;

/**
 * Receives webhooks. An event is a hint that makes us ask the provider, whose answer alone is believed; so one that
 * comes twice, early, late, out of order or with a wrong amount costs a question and does no harm.
 */
export class WebhookService {
  constructor(
    private readonly database: Database,
    private readonly events: ProviderEventRepository,
    private readonly records: WebhookRecords,
    private readonly jobs: JobQueue,
  ) {}

  /**
   * Records an event and the question to the provider in one transaction; once that commits it may be acknowledged.
   * What the event is about is read before, for that leads to a question too many at most: what is known stays known.
   */
  async receive(event: ProviderEvent): Promise<void> {
    const subject = await this.subjectOf(event);
    const judgement = subject === undefined ? UNKNOWN_KEY : judge(event, subject);
    if (!asksProvider(judgement)) {
      await this.events.record(this.database, event, judgement);
      return;
    }
    await this.database.transaction(async (tx) => {
      if (await this.events.record(tx, event, judgement)) await this.ask(tx, judgement);
    });
  }

  private async ask(tx: Queries, { paymentId, refundId }: Question): Promise<void> {
    if (refundId === null) await this.jobs.add(tx, settlePayment, { payment_id: paymentId });
    else await this.jobs.add(tx, settleRefund, { refund_id: refundId });
  }

  /** What of ours the provider knows by the event's key. Every key of ours is a UUID. */
  private async subjectOf(event: ProviderEvent): Promise<Subject | undefined> {
    if (!UUID.test(event.idempotency_key)) return undefined;
    return event.type.startsWith('payment.') ? this.payment(event) : this.refund(event);
  }

  private async payment(event: ProviderEvent): Promise<Subject | undefined> {
    const payment = await this.records.payments.findByKey(this.database, event.idempotency_key);
    if (payment === undefined) return undefined;
    const captured = payment.capturedPaise > 0;
    return {
      paymentId: payment.paymentId,
      refundId: null,
      amountPaise: payment.amountPaise,
      currency: CURRENCY,
      providerId: payment.chargeId,
      isKnown: event.type === 'payment.captured' ? captured : payment.status !== 'PROCESSING',
    };
  }

  private async refund(event: ProviderEvent): Promise<Subject | undefined> {
    const attempt = await this.records.attempts.findByKey(this.database, event.idempotency_key);
    if (attempt === undefined) return undefined;
    const refund = await this.records.refunds.get(this.database, attempt.refundId);
    const accepted = attempt.providerRefundId !== null;
    return {
      paymentId: refund.paymentId,
      refundId: refund.refundId,
      amountPaise: refund.amountPaise,
      currency: CURRENCY,
      providerId: attempt.providerRefundId,
      isKnown: event.type === 'refund.created' ? accepted : attempt.status !== 'PENDING',
    };
  }
}
