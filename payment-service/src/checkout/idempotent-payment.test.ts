import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { TestBooking } from '../testing/test-bookings.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

const payments = async ({ bookingId }: TestBooking): Promise<number> =>
  (await service.database.rows('select from payments where booking_id = $1', [bookingId])).length;

/** As if the process that holds the keys had died before it answered. */
const forgetAnswers = () =>
  service.database.execute(
    `update idempotency_keys set status = null, body = null, headers = null, held_at = now() - interval '1 minute'`,
  );

test('a payment that is sent twice under one key is one payment with one answer', async () => {
  const booking = bookings.add();
  const key = randomUUID();
  const first = await service.payOnce(booking, key);
  const again = await service.payOnce(booking, key);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await payments(booking)).toBe(1);
});

test('a payment that is sent ten times at once under one key is charged once', async () => {
  const booking = bookings.add();
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 10 }, () => service.payOnce(booking, key)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
  expect((await service.payOnce(booking, key)).status).toBe(201);
  expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
});

test('a key that comes with another payment is refused', async () => {
  const key = randomUUID();
  await service.payOnce(bookings.add(), key);
  expect(await service.payOnce(bookings.add(), key)).toMatchObject({
    status: 422,
    body: { type: 'idempotency-key-reused' },
  });
});

test('a decline is remembered under its key, and another key tries again', async () => {
  const booking = bookings.add();
  const key = randomUUID();
  const declined = { payment_method: 'tok_declined' };
  expect((await service.payOnce(booking, key, declined)).status).toBe(402);
  expect((await service.payOnce(booking, key, declined)).status).toBe(402);
  expect(await payments(booking)).toBe(1);
  expect((await service.payOnce(booking, randomUUID(), declined)).status).toBe(402);
  expect(await payments(booking)).toBe(2);
});

test('a request that died after it had begun is answered from the payment as it is now', async () => {
  const booking = bookings.add();
  const key = randomUUID();
  const { body } = await service.payOnce(booking, key);
  await forgetAnswers();
  const again = await service.payOnce(booking, key);
  expect(again).toMatchObject({ status: 201, body });
  expect(again.headers.get('idempotency-replayed')).toBeNull();
  expect(await payments(booking)).toBe(1);
});

test.each([
  ['tok_declined', {}, 402, 'payment-declined'],
  ['tok_challenge', {}, 202, undefined],
  ['tok_success', { refuses: 'expired' }, 410, 'booking-expired'],
  ['tok_success', { refuses: 'already_paid' }, 409, 'already-paid'],
  ['tok_wrong_amount', {}, 409, 'captured-amount-differs'],
] as const)('so is one with %s that came to %o', async (payment_method, wish, status, type) => {
  const booking = bookings.add(wish);
  const key = randomUUID();
  const first = await service.payOnce(booking, key, { payment_method });
  expect(first.status).toBe(status);
  await forgetAnswers();
  const again = await service.payOnce(booking, key, { payment_method });
  expect(again.status).toBe(status);
  expect(again.body.type).toBe(type);
  expect(again.body.payment_id).toBe(first.body.payment_id);
  expect(again.body.challenge_url).toBe(first.body.challenge_url);
  expect(await payments(booking)).toBe(1);
});

test('a key that was refused before anything began begins afresh', async () => {
  const booking = bookings.add();
  const key = randomUUID();
  bookings.stub.failNext(3);
  expect((await service.payOnce(booking, key)).status).toBe(503);
  expect((await service.payOnce(booking, key)).status).toBe(201);
  expect(await payments(booking)).toBe(1);
});
