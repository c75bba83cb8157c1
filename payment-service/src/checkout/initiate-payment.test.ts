import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

describe('paying for a booking', () => {
  test('confirms the booking and says so', async () => {
    const booking = bookings.add();
    const { status, body } = await service.pay(booking);
    expect(status).toBe(201);
    expect(body).toEqual({
      payment_id: expect.any(Number) as number,
      status: 'SUCCEEDED',
      booking_id: booking.bookingId,
      booking_status: 'CONFIRMED',
      amount: 6331,
      currency: 'INR',
    });
    expect(booking).toMatchObject({ status: 'CONFIRMED', confirmedBy: body.payment_id as number });
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
    expect(await service.balances(booking)).toEqual({ provider_clearing: 633_100, booking_sales: -633_100 });
  });

  test('takes the amount to the paisa', async () => {
    const { status, body } = await service.pay(bookings.add({ amountDuePaise: 1_234_567 }));
    expect(status).toBe(201);
    expect(body.amount).toBe(12_345.67);
  });

  test('waits for a provider that is slow', async () => {
    const { status, body } = await service.pay(bookings.add(), { payment_method: 'tok_slow' });
    expect([status, body.booking_status]).toEqual([201, 'CONFIRMED']);
  });

  test('twice at once charges once', async () => {
    const booking = bookings.add();
    const answers = await Promise.all([service.pay(booking), service.pay(booking)]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(1);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });

  test('twenty times at once charges once', async () => {
    const booking = bookings.add();
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.pay(booking)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });

  test('while another payment of it is under way is refused and names that payment', async () => {
    const booking = bookings.add();
    const slow = service.pay(booking, { payment_method: 'tok_slow' });
    await service.until(
      () => service.database.rows('select from payments where booking_id = $1', [booking.bookingId]),
      ({ length }) => length === 1,
    );
    const refused = await service.pay(booking);
    const { body } = await slow;
    expect(refused.body).toMatchObject({
      type: 'payment-in-progress',
      payment_id: body.payment_id as number,
    });
  });

  test('again after it succeeded is refused', async () => {
    const booking = bookings.add();
    await service.pay(booking);
    const { status, body } = await service.pay(booking);
    expect([status, body.type]).toEqual([409, 'already-paid']);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });

  test('again after a declined card works', async () => {
    const booking = bookings.add();
    expect((await service.pay(booking, { payment_method: 'tok_declined' })).status).toBe(402);
    expect((await service.pay(booking)).status).toBe(201);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });
});

describe('a payment is refused and nothing is charged', () => {
  test.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
    ['tok_expired_card', 'expired_card'],
    ['tok_incorrect_cvc', 'incorrect_cvc'],
    ['tok_processing_error', 'processing_error'],
    ['4000 0000 0000 9995', 'insufficient_funds'],
  ])('when %s is declined', async (method, reason) => {
    const booking = bookings.add();
    const { status, body } = await service.pay(booking, { payment_method: method });
    expect(status).toBe(402);
    expect(body).toMatchObject({ type: 'payment-declined', decline_reason: reason });
    expect((await service.payment(body.payment_id as number)).body).toMatchObject({
      status: 'FAILED',
      decline_reason: reason,
    });
    expect(await service.balances(booking)).toEqual({});
    expect(bookings.confirmations(booking)).toBe(0);
  });

  test.each([6330, 6331.01, 1])('when the amount is %s instead of what is due', async (amount) => {
    const { status, body } = await service.pay(bookings.add(), { amount });
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: 'amount-mismatch', amount_due: 6331, currency: 'INR' });
  });

  test.each([
    ['CREATED', 409, 'booking-not-payable'],
    ['CONFIRMED', 409, 'already-paid'],
    ['TICKETED', 409, 'already-paid'],
    ['EXPIRED', 410, 'booking-expired'],
    ['CANCELLED', 409, 'booking-cancelled'],
  ] as const)('when the booking is %s', async (bookingStatus, status, type) => {
    const booking = bookings.add({ status: bookingStatus });
    expect(await service.pay(booking)).toMatchObject({ status, body: { type } });
    expect(await service.atProvider(booking)).toEqual({ captures: 0, refunds: 0 });
  });

  test('when the booking is overdue though still pending', async () => {
    const booking = bookings.add({ expiresAt: new Date(Date.now() - 1) });
    expect(await service.pay(booking)).toMatchObject({ status: 410, body: { type: 'booking-expired' } });
  });

  test('when the booking does not exist, and just so when it is a stranger’s', async () => {
    const strangers = await service.pay(bookings.add(), {}, { userId: 11 });
    const unknown = await service.pay({ ...bookings.add(), bookingId: 999_999 });
    expect([strangers.status, strangers.body.type]).toEqual([404, 'booking-not-found']);
    expect([unknown.status, unknown.body.type]).toEqual([404, 'booking-not-found']);
  });

  test('when `user_id` is another user’s', async () => {
    expect((await service.pay(bookings.add(), { user_id: 11 })).status).toBe(403);
    expect((await service.pay(bookings.add(), { user_id: 10 })).status).toBe(201);
  });

  test.each([
    ['tok_unknown'],
    ['4111 1111 1111 1111'],
    ['__proto__'],
    ['constructor'],
    ["'; drop table payments; --"],
  ])('when the payment method is %s, which is not repeated', async (method) => {
    const { status, body } = await service.pay(bookings.add(), { payment_method: method });
    expect([status, body.type]).toEqual([422, 'unknown-payment-method']);
    expect(JSON.stringify(body)).not.toContain(method);
  });

  test.each([
    ['a missing amount', { amount: undefined }, 'amount'],
    ['an amount of zero', { amount: 0 }, 'amount'],
    ['a negative amount', { amount: -5 }, 'amount'],
    ['three decimals', { amount: 1.005 }, 'amount'],
    ['an amount as text', { amount: '6331' }, 'amount'],
    ['a huge amount', { amount: 1e300 }, 'amount'],
    ['a booking id as text', { booking_id: '1' }, 'booking_id'],
    ['a booking id of zero', { booking_id: 0 }, 'booking_id'],
    ['a huge booking id', { booking_id: 2 ** 60 }, 'booking_id'],
    ['an empty payment method', { payment_method: '' }, 'payment_method'],
    ['a null byte', { payment_method: 'tok\u0000success' }, 'payment_method'],
    ['an endless payment method', { payment_method: 't'.repeat(65) }, 'payment_method'],
    ['an unknown field', { cvv: '123' }, 'cvv'],
  ])('when the request has %s', async (_what, body, field) => {
    const answer = await service.pay(bookings.add(), body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ field, in: 'body' }]);
  });

  test('when it is asked for by GET, which is no way to pay', async () => {
    const { status, body } = await service.call({ userId: 10 }, 'GET', '/api/payments/initiate');
    expect([status, body.type]).toEqual([405, 'method-not-allowed']);
  });

  test('without a token, and to a service', async () => {
    expect((await service.call(undefined, 'POST', '/api/payments/initiate', {})).status).toBe(401);
    expect((await service.pay(bookings.add(), {}, { service: 'booking-service' })).status).toBe(403);
  });
});

describe('a card number', () => {
  test('of a test card is accepted and only its last four digits are kept', async () => {
    const { status, body } = await service.pay(bookings.add(), { payment_method: '4242-4242-4242-4242' });
    expect(status).toBe(201);
    const view = await service.payment(body.payment_id as number);
    expect(view.body.payment_method).toEqual({ token: 'tok_success', card_last_four: '4242' });
    const { found } = await service.database.row<{ found: boolean }>(
      `select exists (select from payments where payments::text like '%42424242%')
           or exists (select from mock_provider.charges c where c::text like '%42424242%')
           or exists (select from graphile_worker._private_jobs j where j.payload::text like '%42424242%') as found`,
    );
    expect(found).toBe(false);
  });

  test('is refused by the database itself', async () => {
    await expect(
      service.database.execute(
        `insert into payments (booking_id, user_id, amount_paise, method_token) values (1, 1, 1, '4242424242424242')`,
      ),
    ).rejects.toMatchObject({ constraint: 'payments_method_is_no_card_number' });
  });
});
