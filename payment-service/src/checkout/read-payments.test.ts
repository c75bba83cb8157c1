import { afterAll, beforeAll, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

test('a payment is shown to its owner', async () => {
  const booking = bookings.add();
  const { body: paid } = await service.pay(booking);
  const { status, body } = await service.payment(paid.payment_id as number);
  expect(status).toBe(200);
  expect(body).toEqual({
    payment_id: paid.payment_id as number,
    booking_id: booking.bookingId,
    user_id: 10,
    status: 'SUCCEEDED',
    booking_status: 'CONFIRMED',
    amount: 6331,
    currency: 'INR',
    refunded_amount: 0,
    payment_method: { token: 'tok_success' },
    created_at: expect.any(String) as string,
    captured_at: expect.any(String) as string,
    refunds: [],
  });
});

test('a payment is shown to an administrator and to no other customer', async () => {
  const { body: paid } = await service.pay(bookings.add());
  const path = `/api/payments/${paid.payment_id}`;
  expect((await service.call({ userId: 1, role: 'admin' }, 'GET', path)).status).toBe(200);
  const stranger = await service.payment(paid.payment_id as number, 11);
  const unknown = await service.payment(999_999, 11);
  expect([stranger.status, stranger.body.type]).toEqual([404, 'payment-not-found']);
  expect([unknown.status, unknown.body.type]).toEqual([404, 'payment-not-found']);
  expect((await service.call(undefined, 'GET', path)).status).toBe(401);
});

test('the address of a challenge is shown to the owner alone', async () => {
  const { body: paid } = await service.pay(bookings.add(), { payment_method: 'tok_challenge' });
  const path = `/api/payments/${paid.payment_id}`;
  const asOwner = await service.call({ userId: 10 }, 'GET', path);
  const asAdmin = await service.call({ userId: 1, role: 'admin' }, 'GET', path);
  expect(asOwner.body.challenge_url).toBe(paid.challenge_url);
  expect(asAdmin.status).toBe(200);
  expect(asAdmin.body).not.toHaveProperty('challenge_url');
});

test('an id that is none is a bad request', async () => {
  expect((await service.call({ userId: 10 }, 'GET', '/api/payments/0x1')).status).toBe(400);
});

test('one’s payments are listed newest first, page by page', async () => {
  const owner = { userId: 20 };
  const ids: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    ids.unshift((await service.pay(bookings.add({ userId: 20 }))).body.payment_id as number);
  }
  const first = await service.call(owner, 'GET', '/api/payments?limit=2');
  expect(first.body.payments.map((one: { payment_id: number }) => one.payment_id)).toEqual(ids.slice(0, 2));
  const second = await service.call(owner, 'GET', `/api/payments?limit=2&cursor=${first.body.next_cursor}`);
  expect(second.body.payments.map((one: { payment_id: number }) => one.payment_id)).toEqual(ids.slice(2));
  expect(second.body.next_cursor).toBeNull();
});

test('the payments of one booking are listed with failures and successes', async () => {
  const booking = bookings.add({ userId: 21 });
  await service.pay(booking, { payment_method: 'tok_declined' });
  await service.pay(booking);
  await service.pay(bookings.add({ userId: 21 }));
  const path = `/api/payments?booking_id=${booking.bookingId}`;
  const { body } = await service.call({ userId: 21 }, 'GET', path);
  expect(body.payments.map((one: { status: string }) => one.status)).toEqual(['SUCCEEDED', 'FAILED']);
  const others = await service.call({ userId: 22 }, 'GET', path);
  expect(others.body.payments).toEqual([]);
});

test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=!', 'cursor=eA', 'booking_id=-1', 'status=1'])(
  'a list with %s is a bad request',
  async (query) => {
    expect((await service.call({ userId: 10 }, 'GET', `/api/payments?${query}`)).status).toBe(400);
  },
);
