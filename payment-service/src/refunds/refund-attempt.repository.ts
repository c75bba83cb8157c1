import type { Queries } from '@flight-booking/platform';
import type { Refund, RefundAttempt } from './refund.js';

const COLUMNS = `refund_id as "refundId", attempt, refund_attempts.idempotency_key as "idempotencyKey",
  refund_attempts.status, refund_attempts.provider_refund_id as "providerRefundId",
  failure_reason as "failureReason", refund_attempts.created_at as "createdAt", accepted_at as "acceptedAt",
  ended_at as "endedAt"`;

/** What the provider said in the end. */
export interface AttemptEnd {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly providerRefundId: string;
  readonly failureReason: string | null;
}

/** The attempts at refunds. */
export class RefundAttemptRepository {
  /** Begins an attempt. The first has the refund's own key. */
  async add(tx: Queries, { refundId, idempotencyKey }: Refund, attempt: number): Promise<RefundAttempt> {
    return tx.row<RefundAttempt>(
      `insert into refund_attempts (refund_id, attempt, idempotency_key)
       values ($1, $2, case when $2 = 1 then $3::uuid else gen_random_uuid() end) returning ${COLUMNS}`,
      [refundId, attempt, idempotencyKey],
    );
  }

  async findLast(queries: Queries, refundId: number): Promise<RefundAttempt | undefined> {
    return queries.maybeRow<RefundAttempt>(
      `select ${COLUMNS} from refund_attempts where refund_id = $1 order by attempt desc limit 1`,
      [refundId],
    );
  }

  /** The attempt that the provider knows by this key, a UUID. */
  async findByKey(queries: Queries, idempotencyKey: string): Promise<RefundAttempt | undefined> {
    return queries.maybeRow<RefundAttempt>(
      `select ${COLUMNS} from refund_attempts where idempotency_key = $1::uuid`,
      [idempotencyKey],
    );
  }

  /** The provider works on it. Whether this call was the first to say so. */
  async accept(
    tx: Queries,
    { refundId, attempt }: RefundAttempt,
    providerRefundId: string,
  ): Promise<boolean> {
    const touched = await tx.execute(
      `update refund_attempts set provider_refund_id = $3, accepted_at = now()
       where refund_id = $1 and attempt = $2 and status = 'PENDING' and provider_refund_id is null`,
      [refundId, attempt, providerRefundId],
    );
    return touched === 1;
  }

  /** Whether this call was the one that ended the attempt. */
  async end(tx: Queries, { refundId, attempt }: RefundAttempt, end: AttemptEnd): Promise<boolean> {
    const touched = await tx.execute(
      `update refund_attempts set status = $3, provider_refund_id = $4, failure_reason = $5, ended_at = now(),
         accepted_at = coalesce(accepted_at, now())
       where refund_id = $1 and attempt = $2 and status = 'PENDING'`,
      [refundId, attempt, end.status, end.providerRefundId, end.failureReason],
    );
    return touched === 1;
  }
}
