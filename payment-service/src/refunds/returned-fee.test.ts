import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { TestBooking } from '../testing/test-bookings.js';
import { testParts } from '../testing/test-parts.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

const PART = { amount_paise: 400_000 };
const WITH_FEE = { ...PART, returned_fee_paise: 233_100 };

/** A booking that is paid, and its payment. */
async function paid(): Promise<{ booking: TestBooking; paymentId: number }> {
  const booking = bookings.add();
  const { body } = await service.pay(booking);
  return { booking, paymentId: body.payment_id as number };
}

const refundsOf = async (paymentId: number): Promise<[string, number][]> => {
  const { body } = await service.payment(paymentId);
  return body.refunds.map((refund: { reason_code: string; amount: number }) => [
    refund.reason_code,
    refund.amount,
  ]);
};

const TWO_REFUNDS = [
  ['cancelled', 4_000],
  ['fee_returned', 2_331],
];

describe('a cancellation fee that is given back', () => {
  test('is a refund of its own, taken from the fees, and leaves the books even', async () => {
    const { booking, paymentId } = await paid();
    await service.refund(booking, PART);
    expect((await service.refund(booking, WITH_FEE)).status).toBe(204);
    await service.untilStatus(paymentId, 'REFUNDED');
    expect(await refundsOf(paymentId)).toEqual(TWO_REFUNDS);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 2 });
    expect(await service.balances(booking)).toEqual({});
    const [owed] = await service.database.rows(
      `select account from ledger_entries join ledger_transactions using (transaction_id) join refunds using (refund_id)
       where refunds.payment_id = $1 and reason_code = 'fee_returned' and kind = 'REFUND_OWED'
         and ledger_entries.amount_paise > 0`,
      [paymentId],
    );
    expect(owed).toEqual({ account: 'cancellation_fees' });
  });

  test('ten times at once, mixed with the cancellation’s own refund, goes back once', async () => {
    const { booking, paymentId } = await paid();
    const asked = Array.from({ length: 10 }, (_, i) =>
      service.refund(booking, i % 2 === 0 ? PART : WITH_FEE),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(10).fill(204));
    await service.untilStatus(paymentId, 'REFUNDED');
    expect(await refundsOf(paymentId)).toEqual(TWO_REFUNDS);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 2 });
    expect(await service.balances(booking)).toEqual({});
  });

  test('before the cancellation’s own refund was asked for is owed together with it', async () => {
    const { booking, paymentId } = await paid();
    await service.refund(booking, WITH_FEE);
    expect((await service.refund(booking, PART)).status).toBe(204);
    await service.untilStatus(paymentId, 'REFUNDED');
    expect(await refundsOf(paymentId)).toEqual(TWO_REFUNDS);
    expect(await service.balances(booking)).toEqual({});
  });

  test('may be all that was paid', async () => {
    const { booking, paymentId } = await paid();
    const all = { amount_paise: 0, returned_fee_paise: 633_100 };
    expect((await service.refund(booking, all)).status).toBe(204);
    expect((await service.refund(booking, all)).status).toBe(204);
    await service.untilStatus(paymentId, 'REFUNDED');
    expect(await refundsOf(paymentId)).toEqual([['fee_returned', 6_331]]);
    expect(await service.balances(booking)).toEqual({});
  });

  test('that a correction has given back already is not given back again', async () => {
    const { booking, paymentId } = await paid();
    await service.refund(booking, PART);
    const { refundTransitions } = testParts(service.database);
    await service.database.transaction((tx) => refundTransitions.oweDue(tx, paymentId, 633_100));
    expect((await service.refund(booking, WITH_FEE)).status).toBe(204);
    await service.untilStatus(paymentId, 'REFUNDED');
    expect(await refundsOf(paymentId)).toEqual([
      ['cancelled', 4_000],
      ['correction', 2_331],
    ]);
    await service.database.transaction((tx) => refundTransitions.oweDue(tx, paymentId, 633_100));
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 2 });
    expect(await service.balances(booking)).toEqual({});
  });

  test('cut short between being owed and being paid is paid by the next life of the service', async () => {
    const { booking, paymentId } = await paid();
    await service.refund(booking, PART);
    await service.stopService();
    const { refundTransitions } = testParts(service.database);
    await refundTransitions.oweCancellation({
      bookingId: booking.bookingId,
      paymentId,
      amountPaise: 400_000,
      returnedFeePaise: 233_100,
      reason: 'You cancelled the booking.',
    });
    await service.startService();
    await service.untilStatus(paymentId, 'REFUNDED');
    expect(await refundsOf(paymentId)).toEqual(TWO_REFUNDS);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 2 });
  });

  test.each([
    ['more than is left', { ...PART, returned_fee_paise: 233_101 }, 'refund-differs'],
    ['another fee afterwards', { ...PART, returned_fee_paise: 233_099 }, 'refund-differs'],
  ])('of %s is refused', async (what, request, type) => {
    const { booking, paymentId } = await paid();
    await service.refund(booking, what === 'more than is left' ? PART : WITH_FEE);
    const before = await refundsOf(paymentId);
    const { status, body } = await service.refund(booking, request);
    expect([status, body.type]).toEqual([409, type]);
    expect(await refundsOf(paymentId)).toEqual(before);
  });

  test('of nothing is no request', async () => {
    const { booking } = await paid();
    expect((await service.refund(booking, { amount_paise: 0 })).status).toBe(400);
    expect((await service.refund(booking, { ...PART, returned_fee_paise: 0 })).status).toBe(400);
  });
});

test('the database refuses a second refund of one fee', async () => {
  const { booking, paymentId } = await paid();
  await service.refund(booking, WITH_FEE);
  await expect(
    service.database.execute(
      `insert into refunds (payment_id, amount_paise, reason_code, reason) values ($1, 1, 'fee_returned', 'again')`,
      [paymentId],
    ),
  ).rejects.toMatchObject({ constraint: 'refunds_one_per_returned_fee' });
});
