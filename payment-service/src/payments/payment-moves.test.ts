import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import { PAYMENT_MOVES, requireMove, type PaymentStatus } from './payment.js';

const service = new PaymentServiceUnderTest();

beforeAll(() => service.start());
afterAll(() => service.stop());

const STATUSES = Object.keys(PAYMENT_MOVES) as PaymentStatus[];
const isLegal = (from: PaymentStatus, to: PaymentStatus): boolean =>
  (PAYMENT_MOVES[from] as readonly PaymentStatus[]).includes(to);
const ILLEGAL = STATUSES.flatMap((from) =>
  STATUSES.filter((to) => from !== to && !isLegal(from, to)).map((to): [PaymentStatus, PaymentStatus] => [
    from,
    to,
  ]),
);

/** How a payment gets to each status. */
const PATHS: Record<PaymentStatus, readonly PaymentStatus[]> = {
  PROCESSING: [],
  FAILED: ['FAILED'],
  SUCCEEDED: ['SUCCEEDED'],
  REFUNDING: ['SUCCEEDED', 'REFUNDING'],
  PARTIALLY_REFUNDED: ['SUCCEEDED', 'REFUNDING', 'PARTIALLY_REFUNDED'],
  REFUNDED: ['SUCCEEDED', 'REFUNDING', 'REFUNDED'],
};

/** What is owed or given back in a status; nothing in the others. */
const REFUNDED_PAISE: Partial<Record<PaymentStatus, number>> = { PARTIALLY_REFUNDED: 40, REFUNDED: 100 };

let lastBooking = 0;

/** A payment of that status, with columns that fit every status, so that only the move can be refused. */
async function paymentIn(status: PaymentStatus): Promise<number> {
  lastBooking += 1;
  const { id } = await service.database.row<{ id: number }>(
    `insert into payments (booking_id, user_id, amount_paise, method_token) values ($1, 1, 100, 'tok_success')
     returning payment_id as id`,
    [lastBooking],
  );
  for (const next of PATHS[status]) await move(id, next);
  return id;
}

async function move(id: number, to: PaymentStatus): Promise<void> {
  const capturedPaise = ['PROCESSING', 'FAILED'].includes(to) ? 0 : 100;
  await service.database.execute(
    `update payments set status = $2, decline_reason = 'test', captured_paise = $3, refunded_paise = $4,
       captured_at = $5, provider_charge_id = $6 where payment_id = $1`,
    [
      id,
      to,
      capturedPaise,
      REFUNDED_PAISE[to] ?? 0,
      capturedPaise > 0 ? new Date() : null,
      capturedPaise > 0 ? `ch_${id}` : null,
    ],
  );
}

describe('the moves of a payment', () => {
  test('are the same in the database as in the program', async () => {
    const rows = await service.database.rows<{ from_status: PaymentStatus; to_status: PaymentStatus }>(
      'select from_status, to_status from payment_moves',
    );
    const legal = STATUSES.flatMap((from) => PAYMENT_MOVES[from].map((to) => `${from} ${to}`));
    expect(rows.map((row) => `${row.from_status} ${row.to_status}`).toSorted()).toEqual(legal.toSorted());
  });

  test.each(ILLEGAL)('do not lead from %s to %s', async (from, to) => {
    expect(() => requireMove(from, to)).toThrow(`A payment cannot go from ${from} to ${to}.`);
    const id = await paymentIn(from);
    await expect(move(id, to)).rejects.toMatchObject({ constraint: 'payments_move_legal' });
  });

  test('begin with PROCESSING', async () => {
    await expect(
      service.database.execute(
        `insert into payments (booking_id, user_id, amount_paise, method_token, status, decline_reason)
         values (0, 1, 100, 'tok_success', 'FAILED', 'test')`,
      ),
    ).rejects.toMatchObject({ constraint: 'payments_move_legal' });
  });

  test('never end in oblivion', async () => {
    const id = await paymentIn('FAILED');
    await expect(
      service.database.execute('delete from payments where payment_id = $1', [id]),
    ).rejects.toMatchObject({ constraint: 'payments_append_only' });
  });

  test('never give a booking two live payments', async () => {
    await paymentIn('SUCCEEDED');
    await expect(
      service.database.execute(
        `insert into payments (booking_id, user_id, amount_paise, method_token) values ($1, 1, 100, 'tok_success')`,
        [lastBooking],
      ),
    ).rejects.toMatchObject({ constraint: 'payments_one_live_per_booking' });
  });
});
