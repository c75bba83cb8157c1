import type { Clock, Database, JobQueue } from '@flight-booking/platform';
import type { MockProviderTables } from './mock-provider-tables.js';
import type { RefundFate, StoredRefund } from './mock-refund.repository.js';
import type { ProviderRefundRequest } from './payment-provider.js';
import { decideRefund } from './provider.jobs.js';
import { behaviourOf, type TestBehaviour } from './test-methods.js';

/** The refunds that the mock provider makes; see `MockCharges` for how it goes on working. */
export class MockRefunds {
  constructor(
    private readonly database: Database,
    private readonly tables: MockProviderTables,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    private readonly timing: { readonly slowMs: number },
  ) {}

  /** Makes the first refund that arrives under its key; undefined when the charge has not that much left. */
  async receive(request: ProviderRefundRequest): Promise<StoredRefund | undefined> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const charge = await this.tables.charges.lockCaptured(tx, request.chargeId);
      const known = await this.tables.refunds.find(tx, request.idempotencyKey);
      if (known !== undefined) return known;
      const { asked, paise } = await this.tables.refunds.count(tx, request.chargeId);
      if (charge === undefined || request.amountPaise > charge.capturePaise - paise) return undefined;
      const behaviour = behaviourOf(charge.methodToken ?? '');
      const refund = await this.tables.refunds.add(tx, request, this.fateOf(behaviour, asked, now));
      await this.tables.outbox.tellOfNewRefund(tx, refund, behaviour);
      if (refund.status !== refund.outcome) {
        const afterMs = refund.settlesAt.getTime() - now.getTime();
        await this.jobs.add(tx, decideRefund, { idempotency_key: refund.idempotencyKey }, { afterMs });
      }
      return refund;
    });
  }

  /** The refund of a key, which becomes its outcome first if its time has come. */
  async find(idempotencyKey: string): Promise<StoredRefund | undefined> {
    const refund = await this.tables.refunds.find(this.database, idempotencyKey);
    if (refund === undefined || refund.status === refund.outcome || refund.settlesAt > this.clock.now()) {
      return refund;
    }
    await this.settle(idempotencyKey);
    return this.tables.refunds.find(this.database, idempotencyKey);
  }

  /** Lets a refund become its outcome if its time has come. */
  async settle(idempotencyKey: string): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const settled = await this.tables.refunds.settle(tx, idempotencyKey, now);
      if (settled === undefined) return;
      const { methodToken } = (await this.tables.charges.lockCaptured(tx, settled.chargeId)) ?? {};
      await this.tables.outbox.tellOfRefund(tx, settled, behaviourOf(methodToken ?? ''));
    });
  }

  private fateOf({ firstRefundFails }: TestBehaviour, asked: number, now: Date): RefundFate {
    if (!firstRefundFails || asked > 0) {
      return { status: 'SUCCEEDED', outcome: 'SUCCEEDED', failureReason: null, settlesAt: now };
    }
    const settlesAt = new Date(now.getTime() + this.timing.slowMs);
    return { status: 'PENDING', outcome: 'FAILED', failureReason: 'bank_account_unavailable', settlesAt };
  }
}
