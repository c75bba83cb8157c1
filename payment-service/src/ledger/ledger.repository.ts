import type { Queries } from '@flight-booking/platform';
import type { Posting } from './ledger.js';

/**
 * Parts of a `with` clause that enter a movement of money if another part of it, which changes what the movement is
 * about, yields a row. It takes the six values of {@link postValues}.
 * @param change the name of the other part
 * @param first the number of the first of the six parameters
 */
export function postSql(change: string, first: number): string {
  const [kind, paymentId, refundId, debit, credit, amount] = Array.from(
    { length: 6 },
    (_, i) => `$${first + i}`,
  );
  return `posted as (
      insert into ledger_transactions (kind, payment_id, refund_id)
      select ${kind}::text, ${paymentId}::bigint, ${refundId}::bigint from ${change} returning transaction_id
    ), entered as (
      insert into ledger_entries (transaction_id, account, amount_paise)
      select transaction_id, account, amount
      from posted, (values (${debit}, ${amount}::bigint), (${credit}, - ${amount}::bigint)) as entry (account, amount)
    )`;
}

/** The values of {@link postSql}. */
export const postValues = (posting: Posting): unknown[] => [
  posting.kind,
  posting.paymentId,
  posting.refundId ?? null,
  posting.debit,
  posting.credit,
  posting.amountPaise,
];

const POST = {
  name: 'post-to-ledger',
  text: `with ${postSql('(values (1)) as always', 1)} select from posted`,
};

/** The ledger, to which one can only add. */
export class LedgerRepository {
  /** Enters a movement of money in the transaction that makes it true. */
  async post(tx: Queries, posting: Posting): Promise<void> {
    await tx.execute(POST, postValues(posting));
  }
}
