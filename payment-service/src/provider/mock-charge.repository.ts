import type { Queries } from '@flight-booking/platform';
import type { NewCharge, StoredCharge } from './mock-charge.js';
import type { DeclineReason, StatementCharge } from './payment-provider.js';

const CHARGE = `charge_id as "chargeId", idempotency_key as "idempotencyKey", status, outcome,
  amount_paise as "amountPaise", coalesce(capture_paise, amount_paise) as "capturePaise",
  method_token as "methodToken", decline_reason as "declineReason", settles_at as "settlesAt",
  challenge_token as "challengeToken"`;

const ADD = {
  name: 'mock-provider-add-charge',
  text: `insert into mock_provider.charges
    (idempotency_key, status, outcome, amount_paise, capture_paise, method_token, decline_reason, settles_at,
     challenge_token)
    values ($1, $2, $3, $4, nullif($5::bigint, $4), $6, $7, $8, $9)
    on conflict (idempotency_key) do nothing returning ${CHARGE}`,
};
const FIND = {
  name: 'mock-provider-find-charge',
  text: `select ${CHARGE} from mock_provider.charges where idempotency_key = $1`,
};
const SETTLE = {
  name: 'mock-provider-settle-charge',
  text: `update mock_provider.charges
    set status = outcome, decline_reason = case when outcome = 'DECLINED' then decline_reason end
    where idempotency_key = $1 and status <> outcome and settles_at <= $2 returning ${CHARGE}`,
};
const STATEMENT = {
  name: 'mock-provider-statement-of-charges',
  text: `select charge_id as "chargeId", idempotency_key as "idempotencyKey", status,
      case when status = 'CAPTURED' then coalesce(capture_paise, amount_paise) else amount_paise end as "amountPaise",
      created_at as "createdAt", changed_at as "changedAt", changed_in || ':' || charge_id as position
    from mock_provider.charges
    where status <> 'ABANDONED' and changed_in < pg_snapshot_xmin(pg_current_snapshot())
      and (changed_in, charge_id) > (split_part($1, ':', 1)::xid8, split_part($1, ':', 2))
    order by changed_in, charge_id limit $2`,
};
/** A millisecond before the first change that is held back; instants here have no microseconds. */
const COMPLETE_UNTIL = {
  name: 'mock-provider-statement-complete-until',
  text: `select coalesce(min(changed_at) - interval '1 millisecond', now()) as until from (
      select changed_at from mock_provider.charges where changed_in >= pg_snapshot_xmin(pg_current_snapshot())
      union all
      select changed_at from mock_provider.refunds where changed_in >= pg_snapshot_xmin(pg_current_snapshot())
    ) as held_back`,
};
/** Before every line of a statement: no transaction has the number 0. */
export const STATEMENT_BEGIN = '0:';

/** What becomes of a challenge. */
export type ChallengeVerdict =
  { readonly outcome: 'CAPTURED' } | { readonly outcome: 'DECLINED'; readonly declineReason: DeclineReason };

/** The mock provider's charges. */
export class MockChargeRepository {
  /** Keeps the first charge that arrives under its key; undefined for every later one. */
  async add(tx: Queries, charge: NewCharge): Promise<StoredCharge | undefined> {
    return tx.maybeRow<StoredCharge>(ADD, [
      charge.idempotencyKey,
      charge.status,
      charge.outcome,
      charge.amountPaise,
      charge.capturePaise,
      charge.methodToken,
      charge.declineReason,
      charge.settlesAt,
      charge.challengeToken,
    ]);
  }

  async find(queries: Queries, idempotencyKey: string): Promise<StoredCharge | undefined> {
    return queries.maybeRow<StoredCharge>(FIND, [idempotencyKey]);
  }

  async findByChallenge(queries: Queries, token: string): Promise<StoredCharge | undefined> {
    return queries.maybeRow<StoredCharge>(
      `select ${CHARGE} from mock_provider.charges where challenge_token = $1`,
      [token],
    );
  }

  /** Lets a charge become its outcome if its time has come; undefined when it has not, or has become it. */
  async settle(tx: Queries, idempotencyKey: string, now: Date): Promise<StoredCharge | undefined> {
    return tx.maybeRow<StoredCharge>(SETTLE, [idempotencyKey, now]);
  }

  /** Ends a challenge that waits and is not too late; undefined when there is none. */
  async decide(
    tx: Queries,
    token: string,
    verdict: ChallengeVerdict,
    now: Date,
  ): Promise<StoredCharge | undefined> {
    const declineReason = verdict.outcome === 'DECLINED' ? verdict.declineReason : null;
    return tx.maybeRow<StoredCharge>(
      `update mock_provider.charges set status = $2, outcome = $2, decline_reason = $3, settles_at = $4
       where challenge_token = $1 and status = 'CHALLENGED' and settles_at > $4 returning ${CHARGE}`,
      [token, verdict.outcome, declineReason, now],
    );
  }

  /** A captured charge, kept from others so that its refunds are decided one after the other. */
  async lockCaptured(tx: Queries, chargeId: string): Promise<StoredCharge | undefined> {
    return tx.maybeRow<StoredCharge>(
      `select ${CHARGE} from mock_provider.charges where charge_id = $1 and status = 'CAPTURED' for update`,
      [chargeId],
    );
  }

  /** See `PaymentProvider.statementCompleteUntil`; of refunds as well. */
  async statementCompleteUntil(queries: Queries): Promise<Date> {
    return (await queries.row<{ until: Date }>(COMPLETE_UNTIL)).until;
  }

  /** See `PaymentProvider.charges`. */
  async statement(queries: Queries, after = STATEMENT_BEGIN, limit: number): Promise<StatementCharge[]> {
    return queries.rows<StatementCharge>(STATEMENT, [after, limit]);
  }
}
