import type { Queries } from '@flight-booking/platform';
import { STATEMENT_BEGIN } from './mock-charge.repository.js';
import type { ProviderRefundRequest, StatementRefund } from './payment-provider.js';

/** A refund as the mock provider keeps it. It becomes its `outcome` at `settlesAt`. */
export interface StoredRefund {
  readonly refundId: string;
  readonly chargeId: string;
  readonly idempotencyKey: string;
  readonly amountPaise: number;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  readonly outcome: 'SUCCEEDED' | 'FAILED';
  readonly failureReason: string | null;
  readonly settlesAt: Date;
}

/** How a refund that arrives goes on. */
export type RefundFate = Pick<StoredRefund, 'status' | 'outcome' | 'failureReason' | 'settlesAt'>;

const REFUND = `refund_id as "refundId", charge_id as "chargeId", idempotency_key as "idempotencyKey",
  amount_paise as "amountPaise", status, outcome, failure_reason as "failureReason", settles_at as "settlesAt"`;

const STATEMENT = {
  name: 'mock-provider-statement-of-refunds',
  text: `select refund_id as "refundId", charge_id as "chargeId", idempotency_key as "idempotencyKey", status,
      amount_paise as "amountPaise", created_at as "createdAt", changed_at as "changedAt",
      changed_in || ':' || refund_id as position
    from mock_provider.refunds
    where changed_in < pg_snapshot_xmin(pg_current_snapshot())
      and (changed_in, refund_id) > (split_part($1, ':', 1)::xid8, split_part($1, ':', 2))
    order by changed_in, refund_id limit $2`,
};

/** The mock provider's refunds. */
export class MockRefundRepository {
  async find(queries: Queries, idempotencyKey: string): Promise<StoredRefund | undefined> {
    return queries.maybeRow<StoredRefund>(
      `select ${REFUND} from mock_provider.refunds where idempotency_key = $1`,
      [idempotencyKey],
    );
  }

  /** How many refunds of a charge were asked for, and how much of it has gone back or is about to. */
  async count(tx: Queries, chargeId: string): Promise<{ asked: number; paise: number }> {
    return tx.row(
      `select count(*) as asked, coalesce(sum(amount_paise) filter (where outcome <> 'FAILED'), 0)::bigint as paise
       from mock_provider.refunds where charge_id = $1`,
      [chargeId],
    );
  }

  async add(tx: Queries, request: ProviderRefundRequest, fate: RefundFate): Promise<StoredRefund> {
    const { idempotencyKey, chargeId, amountPaise } = request;
    return tx.row<StoredRefund>(
      `insert into mock_provider.refunds
         (idempotency_key, charge_id, amount_paise, status, outcome, failure_reason, settles_at)
       values ($1, $2, $3, $4, $5, $6, $7) returning ${REFUND}`,
      [idempotencyKey, chargeId, amountPaise, fate.status, fate.outcome, fate.failureReason, fate.settlesAt],
    );
  }

  /** Lets a refund become its outcome if its time has come; undefined when it has not, or has become it. */
  async settle(tx: Queries, idempotencyKey: string, now: Date): Promise<StoredRefund | undefined> {
    return tx.maybeRow<StoredRefund>(
      `update mock_provider.refunds set status = outcome
       where idempotency_key = $1 and status <> outcome and settles_at <= $2 returning ${REFUND}`,
      [idempotencyKey, now],
    );
  }

  /** See `PaymentProvider.refunds`. */
  async statement(queries: Queries, after = STATEMENT_BEGIN, limit: number): Promise<StatementRefund[]> {
    return queries.rows<StatementRefund>(STATEMENT, [after, limit]);
  }
}
