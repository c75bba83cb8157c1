import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Database } from '@flight-booking/platform';
import { chargeOf, type StoredCharge } from './mock-charge.js';
import type { MockCharges } from './mock-charges.js';
import type { MockProviderTables } from './mock-provider-tables.js';
import type { StoredRefund } from './mock-refund.repository.js';
import type { MockRefunds } from './mock-refunds.js';
import {
  IdempotencyConflict,
  ProviderUnreachable,
  RefundRefused,
  type Charge,
  type ChargeRequest,
  type PaymentMethod,
  type PaymentProvider,
  type ProviderRefund,
  type ProviderRefundRequest,
  type StatementCharge,
  type StatementRefund,
} from './payment-provider.js';
import { behaviourOf, tokenize } from './test-methods.js';

/** What the mock provider's callers meet with. */
export interface MockProviderOptions {
  /** How long the caller waits for an answer. */
  readonly timeoutMs: number;
  /** Where customers reach us, without a slash at its end. */
  readonly publicUrl: string;
}

/** Below the public address: where a customer approves a charge. */
export const CHALLENGE_PATH = '/api/payments/mock-provider/challenges';
const LOOK_EVERY_MS = 20;

/**
 * A payment provider that moves no money and otherwise behaves like one: it remembers what it did, keeps its
 * promises about idempotency keys, goes on working when its caller has gone, and sometimes does not answer.
 * What a charge comes to is decided by the test token that it is made with. It commits by itself, as a company
 * somewhere else does, and never in a transaction of its caller's.
 */
export class MockPaymentProvider implements PaymentProvider {
  constructor(
    private readonly database: Database,
    private readonly tables: MockProviderTables,
    private readonly made: { readonly charges: MockCharges; readonly refunds: MockRefunds },
    private readonly clock: Clock,
    private readonly options: MockProviderOptions,
  ) {}

  tokenize(paymentMethod: string): PaymentMethod {
    return tokenize(paymentMethod);
  }

  async charge(request: ChargeRequest): Promise<Charge> {
    const charge = await this.made.charges.receive(request);
    if (charge.status === 'ABANDONED') return this.seen(charge);
    if (charge.amountPaise !== request.amountPaise || charge.methodToken !== request.methodToken) {
      throw new IdempotencyConflict(`The key ${request.idempotencyKey} belongs to another charge.`);
    }
    const { answers } = behaviourOf(request.methodToken);
    if (answers === 'never') await this.timeOut();
    if (answers === 'after_webhook') await this.untilDelivered(charge.chargeId);
    return this.settled(charge);
  }

  async find(idempotencyKey: string): Promise<Charge | undefined> {
    const charge = await this.made.charges.find(idempotencyKey);
    return charge === undefined ? undefined : this.seen(charge);
  }

  async abandon(idempotencyKey: string): Promise<Charge> {
    return this.seen(await this.made.charges.abandon(idempotencyKey));
  }

  async refund(request: ProviderRefundRequest): Promise<ProviderRefund> {
    const { idempotencyKey, chargeId, amountPaise } = request;
    const refund = await this.made.refunds.receive(request);
    if (refund === undefined) {
      throw new RefundRefused(`The charge ${chargeId} has no ${amountPaise} paise to give back.`);
    }
    if (refund.chargeId !== chargeId || refund.amountPaise !== amountPaise) {
      throw new IdempotencyConflict(`The key ${idempotencyKey} belongs to another refund.`);
    }
    return refundOf(refund);
  }

  async findRefund(idempotencyKey: string): Promise<ProviderRefund | undefined> {
    const refund = await this.made.refunds.find(idempotencyKey);
    return refund === undefined ? undefined : refundOf(refund);
  }

  async charges(after: string | undefined, limit: number): Promise<StatementCharge[]> {
    return this.tables.charges.statement(this.database, after, limit);
  }

  async refunds(after: string | undefined, limit: number): Promise<StatementRefund[]> {
    return this.tables.refunds.statement(this.database, after, limit);
  }

  async statementCompleteUntil(): Promise<Date> {
    return this.tables.charges.statementCompleteUntil(this.database);
  }

  private seen(charge: StoredCharge): Charge {
    return chargeOf(charge, (token) => `${this.options.publicUrl}${CHALLENGE_PATH}/${token}`);
  }

  /** Waits until a charge is decided, as long as a caller would. */
  private async settled(charge: StoredCharge): Promise<Charge> {
    if (charge.status !== 'PENDING') return this.seen(charge);
    const waitMs = Math.max(0, charge.settlesAt.getTime() - this.clock.now().getTime());
    if (waitMs > this.options.timeoutMs) await this.timeOut();
    await sleep(waitMs);
    return this.settled(await this.made.charges.get(charge.idempotencyKey));
  }

  /** Lets word of a charge arrive before its answer does. */
  private async untilDelivered(chargeId: string): Promise<void> {
    const until = Date.now() + this.options.timeoutMs;
    while (!(await this.tables.outbox.hasDelivered(this.database, chargeId))) {
      if (Date.now() >= until) throw this.unreachable();
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async timeOut(): Promise<never> {
    await sleep(this.options.timeoutMs);
    throw this.unreachable();
  }

  private unreachable(): ProviderUnreachable {
    return new ProviderUnreachable(`The provider did not answer within ${this.options.timeoutMs} ms.`);
  }
}

const refundOf = ({ refundId, status, failureReason }: StoredRefund): ProviderRefund =>
  status === 'FAILED'
    ? { refundId, status, failureReason: failureReason ?? 'unknown' }
    : { refundId, status };
