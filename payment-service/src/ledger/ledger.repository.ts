import type { Queries } from '@flight-booking/platform';
import type { Posting } from './ledger.js';

const POST = {
  name: 'post-to-ledger',
  text: `with posted as (
      insert into ledger_transactions (kind, payment_id, refund_id) values ($1, $2, $3) returning transaction_id
    )
    insert into ledger_entries (transaction_id, account, amount_paise)
    select transaction_id, account, amount
    from posted, (values ($4, $6::bigint), ($5, - $6::bigint)) as entry (account, amount)`,
};

/** The ledger, to which one can only add. */
export class LedgerRepository {
  /** Enters a movement of money in the transaction that makes it true. */
  async post(tx: Queries, posting: Posting): Promise<void> {
    const { kind, paymentId, refundId, debit, credit, amountPaise } = posting;
    await tx.execute(POST, [kind, paymentId, refundId ?? null, debit, credit, amountPaise]);
  }
}
