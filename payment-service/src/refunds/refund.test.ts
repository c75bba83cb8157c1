import type { Caller } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problem, verdict, type TestBooking } from '../testing/test-bookings.js';
import { testParts } from '../testing/test-parts.js';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { Refund, RefundAttempt } from './refund.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

describe('a payment that booking-service does not take', () => {
  test.each([
    ['expired', 410, 'booking-expired'],
    ['seats_lost', 410, 'booking-expired'],
    ['cancelled', 409, 'booking-cancelled'],
    ['already_paid', 409, 'already-paid'],
  ] as const)('because it is %s goes back in full', async (refuses, status, type) => {
    const booking = bookings.add({ refuses });
    const answer = await service.pay(booking);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ type, refund: { amount: 6331 } });
    const { body } = await service.untilStatus(answer.body.payment_id as number, 'REFUNDED');
    expect(body.refunded_amount).toBe(6331);
    expect(body.refunds).toMatchObject([
      {
        status: 'SUCCEEDED',
        amount: 6331,
        reason_code: refuses,
        reason: expect.stringMatching(/^[A-Z].* .*\.$/) as string,
      },
    ]);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({});
  });

  test('says that its refund is still due when a job was quicker to decide it than the request', async () => {
    const booking = bookings.add({ refuses: 'expired' });
    booking.beforeVerdict = async (paymentId) => {
      const refusal = { accepted: false, bookingStatus: 'EXPIRED', reason: 'expired' } as const;
      await testParts(service.database).transitions.refuse(paymentId, refusal);
    };
    const { body } = await service.database.transaction(async (tx) => {
      // The provider pays nothing while this is held.
      await tx.execute('lock table mock_provider.refunds in share row exclusive mode');
      return service.pay(booking);
    });
    expect(body).toMatchObject({ type: 'booking-expired', refund: { status: 'PENDING', amount: 6331 } });
    await service.untilStatus(body.payment_id as number, 'REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
  });

  test('because the booking has vanished goes back in full', async () => {
    const booking = bookings.add();
    const paying = service.pay(booking, { payment_method: 'tok_slow' });
    await service.until(
      () => service.database.rows('select from payments where booking_id = $1', [booking.bookingId]),
      ({ length }) => length === 1,
    );
    bookings.remove(booking);
    const answer = await paying;
    expect(answer).toMatchObject({ status: 409, body: { type: 'booking-not-payable' } });
    await service.untilStatus(answer.body.payment_id as number, 'REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({});
  });

  test.each(['amount-mismatch', 'payment-of-another-booking'])('with %s goes back in full', async (type) => {
    const booking = bookings.add({ answers: problem(409, type) });
    const answer = await service.pay(booking);
    expect(answer).toMatchObject({ status: 409, body: { type: 'booking-not-payable' } });
    expect(answer.body.refund).toMatchObject({ amount: 6331 });
    await service.untilStatus(answer.body.payment_id as number, 'REFUNDED');
    expect(await service.balances(booking)).toEqual({});
  });

  test('and of whose capture the answer was lost goes back exactly once', async () => {
    const booking = bookings.add({ refuses: 'expired' });
    const { status, body } = await service.pay(booking, { payment_method: 'tok_timeout_after_capture' });
    // The provider's webhook may come before we stop waiting for its answer.
    expect([202, 410]).toContain(status);
    await service.untilStatus(body.payment_id as number, 'REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({});
  });

  test('though request and job hear of it at once goes back exactly once', async () => {
    const booking = bookings.add({ refuses: 'seats_lost', gathers: 2 });
    const { status, body: refused } = await service.pay(booking);
    expect(status).toBe(410);
    await service.untilStatus(refused.payment_id as number, 'REFUNDED');
    await service.untilIdle();
    expect(bookings.confirmations(booking)).toBeGreaterThan(1);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({});
  });

  test('can be followed by another payment', async () => {
    const booking = bookings.add({ refuses: 'expired' });
    const { body } = await service.pay(booking);
    await service.untilStatus(body.payment_id as number, 'REFUNDED');
    delete booking.refuses;
    expect((await service.pay(booking)).status).toBe(201);
    expect(await service.atProvider(booking)).toEqual({ captures: 2, refunds: 1 });
  });
});

describe('a refund that booking-service asks for', () => {
  test('gives back what it says, once, however often it is asked for', async () => {
    const booking = bookings.add();
    const { body: paid } = await service.pay(booking);
    const first = await service.refund(booking);
    expect([first.status, first.body]).toEqual([204, undefined]);
    const { refunds } = (await service.payment(paid.payment_id as number)).body;
    expect(refunds).toMatchObject([{ amount: 6331, status: 'SUCCEEDED', reason_code: 'cancelled' }]);
    expect((await service.refund(booking, { reason: 'once more' })).status).toBe(204);
    expect((await service.payment(paid.payment_id as number)).body.status).toBe('REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({});
  });

  test('ten times at once refunds once', async () => {
    const booking = bookings.add();
    await service.pay(booking);
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.refund(booking)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(204));
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({});
  });

  test('while the confirmation is still unanswered gives the money back once', async () => {
    const booking = bookings.add();
    booking.answers = { status: 503 };
    const { body } = await service.pay(booking);
    await service.refund(booking, { payment_id: body.payment_id as number });
    booking.answers = verdict({ accepted: false, booking_status: 'CANCELLED', reason: 'cancelled' });
    await service.untilStatus(body.payment_id as number, 'REFUNDED');
    await service.untilIdle();
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({});
  });

  test('is for services alone', async () => {
    const body = { booking_id: 1, payment_id: 1, amount_paise: 1, reason: 'because' };
    const refund = (who: Caller) => service.call(who, 'POST', '/internal/refunds', body);
    expect((await refund(undefined)).status).toBe(401);
    expect((await refund({ userId: 1, role: 'admin' })).status).toBe(403);
  });

  test('says of what booking, which payment, how much and why', async () => {
    const { status, body } = await service.call(
      { service: 'booking-service' },
      'POST',
      '/internal/refunds',
      {},
    );
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'booking_id',
      'payment_id',
      'amount_paise',
      'reason',
    ]);
  });
});

describe('a refund whose process dies', () => {
  /** Owes a refund and dies; the refund is the provider's to make. */
  async function oweAndDie({ bookingId, confirmedBy, amountDuePaise }: TestBooking): Promise<Refund> {
    const { refunds, refundTransitions } = testParts(service.database);
    const paymentId = confirmedBy as number;
    const debt = {
      bookingId,
      paymentId,
      amountPaise: amountDuePaise,
      returnedFeePaise: 0,
      reason: 'cancelled',
    };
    await refundTransitions.oweCancellation(debt);
    return (await refunds.findByPayments(service.database, [paymentId]))[0] as Refund;
  }

  test('before the provider was asked is paid', async () => {
    const booking = bookings.add();
    const { body } = await service.pay(booking);
    await oweAndDie(booking);
    await service.untilStatus(body.payment_id as number, 'REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
  });

  test('after it said that it would ask and before it asked is paid once', async () => {
    const booking = bookings.add();
    const { body } = await service.pay(booking);
    await service.stopService();
    const { refundId } = await oweAndDie(booking);
    await testParts(service.database).refundAttempts.begin(refundId);
    await service.startService();
    await service.untilStatus(body.payment_id as number, 'REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
  });

  test('after the provider has paid it is paid once', async () => {
    const booking = bookings.add();
    const { body } = await service.pay(booking);
    await service.stopService();
    const { refundId, amountPaise, paymentId } = await oweAndDie(booking);
    const { payments, provider, refundAttempts } = testParts(service.database);
    const { chargeId } = await payments.get(service.database, paymentId);
    const { idempotencyKey } = (await refundAttempts.begin(refundId)) as RefundAttempt;
    await provider.refund({ idempotencyKey, chargeId: chargeId as string, amountPaise });
    await service.startService();
    await service.untilStatus(body.payment_id as number, 'REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({});
  });
});

describe('the database', () => {
  test.each(['payment_history', 'refund_history'])('refuses to rewrite %s', async (history) => {
    await service.pay(bookings.add({ refuses: 'expired' }));
    for (const change of [
      `update ${history} set at = now()`,
      `delete from ${history}`,
      `truncate ${history}`,
    ]) {
      await expect(service.database.execute(change)).rejects.toMatchObject({
        constraint: `${history}_append_only`,
      });
    }
  });

  test('refuses to give back more than came in', async () => {
    const { body } = await service.pay(bookings.add());
    const refund = (amountPaise: number) =>
      service.database.execute(
        `insert into refunds (payment_id, amount_paise, reason_code, reason) values ($1, $2, 'operator', 'test')`,
        [body.payment_id, amountPaise],
      );
    await refund(633_000);
    await expect(refund(101)).rejects.toMatchObject({ constraint: 'payments_refunds_within_capture' });
    await expect(refund(-1)).rejects.toMatchObject({ constraint: 'refunds_amount_positive' });
  });

  test('refuses to change the amount of a refund, or to forget one', async () => {
    const { body } = await service.pay(bookings.add({ refuses: 'expired' }));
    const { database } = service;
    await expect(
      database.execute('update refunds set amount_paise = 1 where payment_id = $1', [body.payment_id]),
    ).rejects.toMatchObject({ constraint: 'refunds_append_only' });
    await expect(
      database.execute('delete from refunds where payment_id = $1', [body.payment_id]),
    ).rejects.toMatchObject({ constraint: 'refunds_append_only' });
  });
});
