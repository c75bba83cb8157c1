import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { TestBooking } from '../testing/test-bookings.js';
import { testParts } from '../testing/test-parts.js';
import type { Refund, RefundAttempt } from './refund.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;
const ADMIN = { userId: 1, role: 'admin' } as const;

/** Refunds of this amount fail at the provider until the customer's bank is back. */
const UNLUCKY_PAISE = 424_242;

beforeAll(async () => {
  await service.start();
  await service.database.execute(`
    create function mock_provider.fail_refund() returns trigger language plpgsql as $$
    begin
      new.status := 'FAILED';
      new.outcome := 'FAILED';
      new.failure_reason := 'the bank is away';
      return new;
    end $$`);
  await bankIsAway();
});
afterAll(() => service.stop());

const bankIsAway = () =>
  service.database.execute(
    `create trigger refunds_fail before insert on mock_provider.refunds
     for each row when (new.amount_paise = ${UNLUCKY_PAISE}) execute function mock_provider.fail_refund()`,
  );
const bankIsBack = () => service.database.execute('drop trigger refunds_fail on mock_provider.refunds');

interface Paid {
  readonly booking: TestBooking;
  readonly paymentId: number;
}

async function paid(paymentMethod: string): Promise<Paid> {
  const booking = bookings.add();
  const { body } = await service.pay(booking, { payment_method: paymentMethod });
  return { booking, paymentId: body.payment_id as number };
}

const attemptsAt = ({ bookingId }: TestBooking) =>
  service.database.rows<{ status: string; key: string; end: string }>(
    `select attempts.status, attempts.idempotency_key as key, made.status as end
     from refund_attempts attempts join refunds using (refund_id) join payments using (payment_id)
     left join mock_provider.refunds made on made.idempotency_key = attempts.idempotency_key::text
     where booking_id = $1 order by attempt`,
    [bookingId],
  );

describe('a refund that the provider accepts and fails later', () => {
  test('is attempted again under another key, and paid once', async () => {
    const { booking, paymentId } = await paid('tok_refund_fails');
    expect((await service.refund(booking)).status).toBe(204);
    await service.untilStatus(paymentId, 'REFUNDED');
    const attempts = await attemptsAt(booking);
    expect(attempts.map(({ status, end }) => [status, end])).toEqual([
      ['FAILED', 'FAILED'],
      ['SUCCEEDED', 'SUCCEEDED'],
    ]);
    expect(new Set(attempts.map(({ key }) => key)).size).toBe(2);
    expect(await service.balances(booking)).toEqual({});
  });

  test('is asked for by ten at once and still has one attempt that lives', async () => {
    const { booking, paymentId } = await paid('tok_refund_fails');
    await Promise.all(Array.from({ length: 10 }, () => service.refund(booking)));
    await service.untilStatus(paymentId, 'REFUNDED');
    expect(await attemptsAt(booking)).toHaveLength(2);
    expect(await service.balances(booking)).toEqual({});
  });
});

describe('a refund that always fails', () => {
  const UNLUCKY = { amount_paise: UNLUCKY_PAISE };

  async function stuck(): Promise<Paid> {
    const unlucky = await paid('tok_success');
    await service.refund(unlucky.booking, UNLUCKY);
    await service.until(
      () => service.payment(unlucky.paymentId),
      ({ body }) => body.refunds[0].status === 'STUCK',
    );
    return unlucky;
  }

  test('is stuck after so many attempts, where customer and operator see it', async () => {
    const { booking, paymentId } = await stuck();
    const { body } = await service.payment(paymentId);
    expect(body).toMatchObject({ status: 'REFUNDING', refunds: [{ status: 'STUCK' }] });
    expect(body.refunds[0].stuck_reason).toBe('It failed 3 times: the bank is away');
    expect(await attemptsAt(booking)).toHaveLength(3);
    const list = await service.call(ADMIN, 'GET', '/api/payments/stuck-refunds');
    expect(list.body.refunds.map((refund: { payment_id: number }) => refund.payment_id)).toContain(paymentId);
    expect((await service.refund(booking, UNLUCKY)).status).toBe(204);
    expect(await attemptsAt(booking)).toHaveLength(3);
  });

  test('is paid once when operators start it again after the bank is back', async () => {
    const { booking, paymentId } = await stuck();
    await bankIsBack();
    const retry = () => service.call(ADMIN, 'POST', `/api/payments/${paymentId}/retry`);
    const answers = await Promise.all([retry(), retry()]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers.flatMap(({ body }) => body.retried as string[])).toEqual(['pay-refund']);
    await service.untilStatus(paymentId, 'PARTIALLY_REFUNDED');
    await service.untilIdle();
    expect((await attemptsAt(booking)).map(({ status }) => status)).toEqual([
      'FAILED',
      'FAILED',
      'FAILED',
      'SUCCEEDED',
    ]);
    expect((await attemptsAt(booking)).filter(({ end }) => end === 'SUCCEEDED')).toHaveLength(1);
    await bankIsAway();
  });

  test('has as many attempts again when it is started again', async () => {
    const { booking, paymentId } = await stuck();
    const { refundTransitions } = testParts(service.database);
    await service.database.transaction((tx) => refundTransitions.retryRefunds(tx, paymentId));
    await service.until(
      () => service.payment(paymentId),
      ({ body }) => body.refunds[0].status === 'STUCK',
    );
    expect(await attemptsAt(booking)).toHaveLength(6);
  });
});

describe('an attempt', () => {
  /** A refund that is owed while the service is down, and its first attempt, which the provider has not heard of. */
  async function begun(): Promise<Paid & { readonly attempt: RefundAttempt; readonly refund: Refund }> {
    const known = await paid('tok_success');
    await service.stopService();
    const { refunds, refundTransitions, refundAttempts } = testParts(service.database);
    const { bookingId, amountDuePaise: amountPaise } = known.booking;
    const { paymentId } = known;
    await refundTransitions.oweCancellation({
      bookingId,
      paymentId,
      amountPaise,
      returnedFeePaise: 0,
      reason: 'cancelled',
    });
    const refund = (await refunds.findByPayments(service.database, [paymentId]))[0] as Refund;
    const attempt = (await refundAttempts.begin(refund.refundId)) as RefundAttempt;
    return { ...known, attempt, refund };
  }

  test('is the same for all who begin at once', async () => {
    const { refund, attempt } = await begun();
    const { refundAttempts } = testParts(service.database);
    const others = await Promise.all(Array.from({ length: 5 }, () => refundAttempts.begin(refund.refundId)));
    expect(new Set(others.map((other) => other?.idempotencyKey))).toEqual(new Set([attempt.idempotencyKey]));
    await service.startService();
  });

  test('that ended is not ended otherwise by news that come late or twice', async () => {
    const { booking, attempt } = await begun();
    const { refundAttempts } = testParts(service.database);
    await Promise.all([
      refundAttempts.complete(attempt, 're_late'),
      refundAttempts.complete(attempt, 're_late'),
    ]);
    await refundAttempts.fail(attempt, 're_late', 'told too late');
    await refundAttempts.accept(attempt, 're_late');
    expect((await attemptsAt(booking)).map(({ status }) => status)).toEqual(['SUCCEEDED']);
    expect(await service.balances(booking)).toEqual({});
    await service.startService();
  });

  test('that the provider refuses is stuck, and goes on under its own key', async () => {
    const { booking, paymentId } = await paid('tok_success');
    const atProvider = `from mock_provider.charges c where c.idempotency_key = (
      select idempotency_key::text from payments where payment_id = $1)`;
    await service.database.execute(
      `insert into mock_provider.refunds (idempotency_key, charge_id, amount_paise)
       select 'by hand', charge_id, 100 ${atProvider}`,
      [paymentId],
    );
    await service.refund(booking);
    expect((await service.payment(paymentId)).body.refunds).toMatchObject([{ status: 'STUCK' }]);
    expect((await attemptsAt(booking)).map(({ status }) => status)).toEqual(['PENDING']);
    await service.database.execute(`delete from mock_provider.refunds where idempotency_key = 'by hand'`);
    const { refundTransitions } = testParts(service.database);
    await service.database.transaction((tx) => refundTransitions.retryRefunds(tx, paymentId));
    await service.untilStatus(paymentId, 'REFUNDED');
    expect(await attemptsAt(booking)).toHaveLength(1);
  });

  test('has no second one beside it, whatever a program says', async () => {
    const { attempt } = await begun();
    await expect(
      service.database.execute('insert into refund_attempts (refund_id, attempt) values ($1, 2)', [
        attempt.refundId,
      ]),
    ).rejects.toMatchObject({ constraint: 'refund_attempts_one_live' });
    await service.startService();
  });
});
