import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';

const service = new PaymentServiceUnderTest();

beforeAll(() => service.start());
afterAll(() => service.stop());

interface Entry {
  readonly account: string;
  readonly amount: number;
}

/** Enters a transaction of a kind that the payment does not have yet. */
async function post(paymentId: number, entries: readonly Entry[]): Promise<void> {
  await service.database.transaction(async (tx) => {
    const { id } = await tx.row<{ id: number }>(
      `insert into ledger_transactions (kind, payment_id) values ('CAPTURE', $1) returning transaction_id as id`,
      [paymentId],
    );
    for (const { account, amount } of entries) {
      await tx.execute(
        'insert into ledger_entries (transaction_id, account, amount_paise) values ($1, $2, $3)',
        [id, account, amount],
      );
    }
  });
}

async function unpaid(): Promise<number> {
  const { body } = await service.pay(service.bookings.add(), { payment_method: 'tok_declined' });
  return body.payment_id as number;
}

describe('the ledger', () => {
  test('sums to zero, per transaction and overall', async () => {
    const { bookings, database } = service;
    await service.pay(bookings.add());
    await service.pay(bookings.add({ refuses: 'expired' }));
    const cancelled = bookings.add();
    await service.pay(cancelled);
    await service.refund(cancelled);
    const unbalanced = await database.rows(
      'select transaction_id from ledger_entries group by transaction_id having sum(amount_paise) <> 0',
    );
    expect(unbalanced).toEqual([]);
    expect(await database.rows('select * from ledger_balances order by account')).toEqual([
      { account: 'booking_sales', balance_paise: -633_100 },
      { account: 'customer_deposits', balance_paise: 0 },
      { account: 'provider_clearing', balance_paise: 633_100 },
      { account: 'refunds_payable', balance_paise: 0 },
    ]);
  });

  test('refuses a transaction that does not sum to zero', async () => {
    const entries = [
      { account: 'provider_clearing', amount: 100 },
      { account: 'customer_deposits', amount: -99 },
    ];
    await expect(post(await unpaid(), entries)).rejects.toMatchObject({ constraint: 'ledger_sums_to_zero' });
  });

  test('refuses a transaction without entries', async () => {
    await expect(post(await unpaid(), [])).rejects.toMatchObject({ constraint: 'ledger_sums_to_zero' });
  });

  test('refuses to enter the same thing twice', async () => {
    const { body } = await service.pay(service.bookings.add());
    await expect(post(body.payment_id as number, [])).rejects.toMatchObject({
      constraint: 'ledger_transactions_once',
    });
  });

  test.each([
    ['ledger_transactions', 'kind'],
    ['ledger_entries', 'amount_paise'],
  ])('refuses every change of %s', async (table, column) => {
    const { body } = await service.pay(service.bookings.add());
    expect(body.status).toBe('SUCCEEDED');
    const refused = { constraint: `${table}_append_only` };
    const { database } = service;
    await expect(database.execute(`update ${table} set ${column} = ${column}`)).rejects.toMatchObject(
      refused,
    );
    await expect(database.execute(`delete from ${table}`)).rejects.toMatchObject(refused);
    await expect(database.execute(`truncate ${table} cascade`)).rejects.toMatchObject(refused);
  });
});
