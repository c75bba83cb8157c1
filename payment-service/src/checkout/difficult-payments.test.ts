import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

const CONFIRMED = { provider_clearing: 633_100, booking_sales: -633_100 };

describe('a charge that is declined and captured some time later', () => {
  test('confirms the booking, because the provider tells of it', async () => {
    const booking = bookings.add();
    const { status, body } = await service.pay(booking, { payment_method: 'tok_late_success' });
    expect([status, body.type]).toEqual([402, 'payment-declined']);
    await service.untilBooked(body.payment_id as number);
    expect((await service.payment(body.payment_id as number)).body.status).toBe('SUCCEEDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test.each(['expired', 'seats_lost', 'cancelled'] as const)(
    'goes back in full when the booking is %s by then',
    async (refuses) => {
      const booking = bookings.add();
      const { body } = await service.pay(booking, { payment_method: 'tok_late_success' });
      booking.refuses = refuses;
      const { body: payment } = await service.untilStatus(body.payment_id as number, 'REFUNDED');
      expect(payment.refunds).toMatchObject([{ amount: 6331, reason_code: refuses, status: 'SUCCEEDED' }]);
      expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
      expect(await service.balances(booking)).toEqual({});
    },
  );

  test('is captured though the service was stopped meanwhile', async () => {
    const booking = bookings.add();
    const { body } = await service.pay(booking, { payment_method: 'tok_late_success' });
    await service.stopService();
    await service.startService();
    await service.untilBooked(body.payment_id as number);
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });
});

describe('a booking that is paid in two tabs', () => {
  test('keeps one of two captures, and the other goes back in full', async () => {
    const booking = bookings.add();
    const { body: late } = await service.pay(booking, { payment_method: 'tok_late_success' });
    const { body: paid } = await service.pay(booking, { payment_method: 'tok_success' });
    const { body } = await service.untilStatus(late.payment_id as number, 'REFUNDED');
    expect(body.refunds).toMatchObject([{ amount: 6331, reason_code: 'already_paid' }]);
    expect(booking.confirmedBy).toBe(paid.payment_id);
    expect(await service.atProvider(booking)).toEqual({ captures: 2, refunds: 1 });
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('at once, with whatever comes first, ends with one payment kept and no other money here', async () => {
    const booking = bookings.add();
    const tabs = [
      'tok_late_success',
      'tok_success',
      'tok_slow',
      'tok_timeout_after_capture',
      'tok_late_success',
    ];
    await Promise.all(tabs.map((payment_method) => service.pay(booking, { payment_method })));
    await service.until(
      () => service.pay(booking),
      ({ status }) => status === 201 || status === 409,
    );
    await service.until(
      () => service.balances(booking),
      (balances) => balances['booking_sales'] === -633_100 && Object.keys(balances).length === 2,
    );
    await service.untilIdle();
    const { captures, refunds } = await service.atProvider(booking);
    expect(captures - refunds).toBe(1);
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });
});

describe('a provider that takes another amount than it was asked for', () => {
  test('gives all of it back, and the booking is not confirmed but can be paid', async () => {
    const booking = bookings.add();
    const { status, body } = await service.pay(booking, { payment_method: 'tok_wrong_amount' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'captured-amount-differs', refund: { amount: 6332 } });
    const { body: payment } = await service.untilStatus(body.payment_id as number, 'REFUNDED');
    expect(payment.refunds).toMatchObject([{ amount: 6332, reason_code: 'amount_mismatch' }]);
    expect(bookings.confirmations(booking)).toBe(0);
    expect(await service.balances(booking)).toEqual({});
    const [event] = await service.until(
      () =>
        service.database.rows('select outcome, reason from provider_events where payment_id = $1', [
          body.payment_id,
        ]),
      ({ length }) => length > 0,
    );
    expect(event).toMatchObject({ outcome: 'MISMATCH' });
    expect((await service.pay(booking)).status).toBe(201);
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });
});

test.each([
  ['success@razorpay', 201],
  ['Failure@razorpay', 402],
])('the UPI address %s is answered with %i', async (payment_method, status) => {
  expect((await service.pay(bookings.add(), { payment_method })).status).toBe(status);
});
