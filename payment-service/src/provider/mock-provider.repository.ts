import type { Queries } from '@flight-booking/platform';
import type { DeclineReason } from './payment-provider.js';

/** A charge as the mock provider keeps it. */
export interface StoredCharge {
  readonly chargeId: string;
  readonly status: 'PENDING' | 'CAPTURED' | 'DECLINED' | 'ABANDONED';
  readonly amountPaise: number;
  readonly methodToken: string | null;
  readonly declineReason: DeclineReason | null;
  readonly settlesAt: Date;
}

/** A charge that arrives. */
export interface NewCharge {
  readonly idempotencyKey: string;
  readonly amountPaise: number;
  readonly methodToken: string | null;
  readonly outcome: 'CAPTURED' | 'DECLINED' | 'ABANDONED';
  readonly declineReason: DeclineReason | null;
  readonly settlesAt: Date;
}

/** A refund as the mock provider keeps it. */
export interface StoredRefund {
  readonly refundId: string;
  readonly chargeId: string;
  readonly amountPaise: number;
}

const CHARGE = `charge_id as "chargeId", status, amount_paise as "amountPaise", method_token as "methodToken",
  decline_reason as "declineReason", settles_at as "settlesAt"`;
const REFUND = `refund_id as "refundId", charge_id as "chargeId", amount_paise as "amountPaise"`;

const ADD_CHARGE = {
  name: 'mock-provider-add-charge',
  text: `insert into mock_provider.charges
    (idempotency_key, status, amount_paise, method_token, outcome, decline_reason, settles_at)
    values ($1, case when $6 > $7::timestamptz then 'PENDING' else $4 end, $2, $3, $4, $5, $6)
    on conflict (idempotency_key) do nothing`,
};
const SETTLE_CHARGE = {
  name: 'mock-provider-settle-charge',
  text: `update mock_provider.charges set status = outcome
    where idempotency_key = $1 and status = 'PENDING' and settles_at <= $2`,
};
const FIND_CHARGE = {
  name: 'mock-provider-find-charge',
  text: `select ${CHARGE} from mock_provider.charges where idempotency_key = $1`,
};

/** The mock provider's own tables. */
export class MockProviderRepository {
  /** Keeps the first charge that arrives under its key. */
  async addCharge(queries: Queries, charge: NewCharge, now: Date): Promise<void> {
    const { idempotencyKey, amountPaise, methodToken, outcome, declineReason, settlesAt } = charge;
    await queries.execute(ADD_CHARGE, [
      idempotencyKey,
      amountPaise,
      methodToken,
      outcome,
      declineReason,
      settlesAt,
      now,
    ]);
  }

  /** The charge of a key, which becomes its outcome first if its time has come. */
  async findCharge(queries: Queries, idempotencyKey: string, now: Date): Promise<StoredCharge | undefined> {
    const charge = await queries.maybeRow<StoredCharge>(FIND_CHARGE, [idempotencyKey]);
    if (charge?.status !== 'PENDING' || charge.settlesAt > now) return charge;
    await queries.execute(SETTLE_CHARGE, [idempotencyKey, now]);
    return queries.row<StoredCharge>(FIND_CHARGE, [idempotencyKey]);
  }

  async findRefund(queries: Queries, idempotencyKey: string): Promise<StoredRefund | undefined> {
    return queries.maybeRow<StoredRefund>(
      `select ${REFUND} from mock_provider.refunds where idempotency_key = $1`,
      [idempotencyKey],
    );
  }

  /** Makes the first refund that arrives under its key; undefined when the charge has not that much left. */
  async addRefund(
    tx: Queries,
    idempotencyKey: string,
    chargeId: string,
    amountPaise: number,
  ): Promise<StoredRefund | undefined> {
    const left = await this.refundable(tx, chargeId);
    const known = await this.findRefund(tx, idempotencyKey);
    if (known !== undefined || amountPaise > left) return known;
    return tx.row<StoredRefund>(
      `insert into mock_provider.refunds (idempotency_key, charge_id, amount_paise) values ($1, $2, $3)
       returning ${REFUND}`,
      [idempotencyKey, chargeId, amountPaise],
    );
  }

  /** What a charge has left to give back. Locks it, so that refunds are decided one after the other. */
  private async refundable(tx: Queries, chargeId: string): Promise<number> {
    const charge = await tx.maybeRow<{ amountPaise: number }>(
      `select amount_paise as "amountPaise" from mock_provider.charges
       where charge_id = $1 and status = 'CAPTURED' for update`,
      [chargeId],
    );
    const { refunded } = await tx.row<{ refunded: number }>(
      'select coalesce(sum(amount_paise), 0)::bigint as refunded from mock_provider.refunds where charge_id = $1',
      [chargeId],
    );
    return (charge?.amountPaise ?? 0) - refunded;
  }
}
