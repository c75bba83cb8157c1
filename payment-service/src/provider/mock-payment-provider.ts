import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Database } from '@flight-booking/platform';
import type { MockProviderRepository, StoredCharge } from './mock-provider.repository.js';
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
} from './payment-provider.js';
import { behaviourOf, tokenize } from './test-methods.js';

/** How long things take. */
export interface MockProviderOptions {
  /** How long `tok_slow` takes. */
  readonly slowMs: number;
  /** How long the caller waits for an answer. */
  readonly timeoutMs: number;
}

/**
 * A payment provider that moves no money and otherwise behaves like one: it remembers what it did, keeps its
 * promises about idempotency keys, goes on working when its caller has gone, and sometimes does not answer.
 * What a charge comes to is decided by the test token that it is made with. It commits by itself, as a company
 * somewhere else does, and never in a transaction of its caller's.
 */
export class MockPaymentProvider implements PaymentProvider {
  constructor(
    private readonly database: Database,
    private readonly records: MockProviderRepository,
    private readonly clock: Clock,
    private readonly options: MockProviderOptions,
  ) {}

  tokenize(paymentMethod: string): PaymentMethod {
    return tokenize(paymentMethod);
  }

  async charge({ idempotencyKey, amountPaise, methodToken }: ChargeRequest): Promise<Charge> {
    const behaviour = behaviourOf(methodToken);
    const now = this.clock.now();
    const answers = behaviour.outcome === 'CAPTURED' ? behaviour.answers : undefined;
    const settlesAt = new Date(now.getTime() + (answers === 'slowly' ? this.options.slowMs : 0));
    const declineReason = behaviour.outcome === 'DECLINED' ? behaviour.declineReason : null;
    const { outcome } = behaviour;
    await this.records.addCharge(
      this.database,
      { idempotencyKey, amountPaise, methodToken, outcome, declineReason, settlesAt },
      now,
    );
    const charge = await this.stored(idempotencyKey);
    if (charge.status === 'ABANDONED') return chargeOf(charge);
    if (charge.amountPaise !== amountPaise || charge.methodToken !== methodToken) {
      throw new IdempotencyConflict(`The key ${idempotencyKey} belongs to another charge.`);
    }
    if (answers === 'never') await this.timeOut();
    return this.settled(idempotencyKey, charge);
  }

  async find(idempotencyKey: string): Promise<Charge | undefined> {
    const charge = await this.records.findCharge(this.database, idempotencyKey, this.clock.now());
    return charge === undefined ? undefined : chargeOf(charge);
  }

  async abandon(idempotencyKey: string): Promise<Charge> {
    const now = this.clock.now();
    const nothing = { amountPaise: 0, methodToken: null, outcome: 'ABANDONED', declineReason: null } as const;
    await this.records.addCharge(this.database, { idempotencyKey, settlesAt: now, ...nothing }, now);
    return chargeOf(await this.stored(idempotencyKey));
  }

  async refund({ idempotencyKey, chargeId, amountPaise }: ProviderRefundRequest): Promise<ProviderRefund> {
    const refund = await this.database.transaction((tx) =>
      this.records.addRefund(tx, idempotencyKey, chargeId, amountPaise),
    );
    if (refund === undefined) {
      throw new RefundRefused(`The charge ${chargeId} has no ${amountPaise} paise to give back.`);
    }
    if (refund.chargeId !== chargeId || refund.amountPaise !== amountPaise) {
      throw new IdempotencyConflict(`The key ${idempotencyKey} belongs to another refund.`);
    }
    return { refundId: refund.refundId };
  }

  async findRefund(idempotencyKey: string): Promise<ProviderRefund | undefined> {
    const refund = await this.records.findRefund(this.database, idempotencyKey);
    return refund === undefined ? undefined : { refundId: refund.refundId };
  }

  /** Waits until a charge is decided, as long as a caller would. */
  private async settled(idempotencyKey: string, charge: StoredCharge): Promise<Charge> {
    if (charge.status !== 'PENDING') return chargeOf(charge);
    const waitMs = Math.max(0, charge.settlesAt.getTime() - this.clock.now().getTime());
    if (waitMs > this.options.timeoutMs) await this.timeOut();
    await sleep(waitMs);
    return this.settled(idempotencyKey, await this.stored(idempotencyKey));
  }

  private async timeOut(): Promise<never> {
    await sleep(this.options.timeoutMs);
    throw new ProviderUnreachable(`The provider did not answer within ${this.options.timeoutMs} ms.`);
  }

  private async stored(idempotencyKey: string): Promise<StoredCharge> {
    const charge = await this.records.findCharge(this.database, idempotencyKey, this.clock.now());
    if (charge === undefined) throw new Error(`The charge of ${idempotencyKey} has vanished.`);
    return charge;
  }
}

function chargeOf({ status, chargeId, amountPaise, declineReason }: StoredCharge): Charge {
  if (status === 'CAPTURED') return { status, chargeId, amountPaise };
  if (status === 'DECLINED') return { status, declineReason: declineReason ?? 'processing_error' };
  return { status };
}
