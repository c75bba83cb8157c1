import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { TestBooking } from '../testing/test-bookings.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

/** Pays with a card whose bank asks the customer, and finds where. */
async function challenged(booking: TestBooking, payment_method = 'tok_challenge') {
  const { status, body } = await service.pay(booking, { payment_method });
  expect(status).toBe(202);
  expect(body).toMatchObject({ status: 'PROCESSING', booking_status: 'PENDING' });
  const { pathname, origin } = new URL(body.challenge_url as string);
  expect(origin).toBe('http://localhost:8080');
  return { paymentId: body.payment_id as number, path: pathname, url: body.challenge_url as string };
}

const page = async (path: string): Promise<string> =>
  ((await service.call(undefined, 'GET', path)).body as Buffer).toString();
const decide = (path: string, decision: 'approve' | 'deny') =>
  service.call(undefined, 'POST', `${path}/${decision}`);

describe('a payment that the customer has to approve', () => {
  test('shows where to, with the amount and two forms, as long as it waits', async () => {
    const booking = bookings.add();
    const { paymentId, path, url } = await challenged(booking);
    expect((await service.payment(paymentId)).body.challenge_url).toBe(url);
    const shown = await service.call(undefined, 'GET', path);
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(shown.headers.get('content-security-policy')).toContain("form-action 'self'");
    const text = (shown.body as Buffer).toString();
    expect(text).toContain('₹6,331.00');
    expect(text).toContain(`<form method="post" action="${path}/approve">`);
    expect(text).toContain(`<form method="post" action="${path}/deny">`);
    const again = await service.pay(booking);
    expect(again).toMatchObject({
      status: 409,
      body: { type: 'payment-in-progress', payment_id: paymentId },
    });
  });

  test('confirms the booking once approved, without anybody asking', async () => {
    const booking = bookings.add();
    const { paymentId, path } = await challenged(booking, '4000 0027 6000 3184');
    expect((await decide(path, 'approve')).status).toBe(200);
    await service.untilBooked(paymentId);
    expect((await service.payment(paymentId)).body).not.toHaveProperty('challenge_url');
    expect(await page(path)).toContain('You approved the payment.');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });

  test('confirms the booking as soon as the provider has told, not when the job behind a request is due', async () => {
    await service.stopService();
    await service.startService({ FAST_PATH_MS: '600000' });
    const { paymentId, path } = await challenged(bookings.add());
    expect((await decide(path, 'approve')).status).toBe(200);
    await service.untilBooked(paymentId);
    await service.stopService();
    await service.startService();
  });

  test('fails once denied, and can be paid again', async () => {
    const booking = bookings.add();
    const { paymentId, path } = await challenged(booking);
    expect(((await decide(path, 'deny')).body as Buffer).toString()).toContain('was not made');
    expect((await service.untilStatus(paymentId, 'FAILED')).body.decline_reason).toBe('challenge_denied');
    expect((await service.pay(booking)).status).toBe(201);
  });

  test('may be declined by the bank although the customer approves', async () => {
    const { paymentId, path } = await challenged(bookings.add(), '4000008400001629');
    await decide(path, 'approve');
    expect((await service.untilStatus(paymentId, 'FAILED')).body.decline_reason).toBe('card_declined');
  });

  test('is decided once, whatever is sent at once and afterwards', async () => {
    const booking = bookings.add();
    const { paymentId, path } = await challenged(booking);
    await Promise.all(
      (['approve', 'deny', 'approve', 'deny', 'approve'] as const).map((d) => decide(path, d)),
    );
    const { body } = await service.until(
      () => service.payment(paymentId),
      (seen) => seen.body.status !== 'PROCESSING',
    );
    const approved = body.status === 'SUCCEEDED';
    await decide(path, approved ? 'deny' : 'approve');
    await service.untilIdle();
    expect((await service.payment(paymentId)).body.status).toBe(body.status);
    expect(await service.atProvider(booking)).toEqual({ captures: approved ? 1 : 0, refunds: 0 });
    const { told } = await service.database.row<{ told: number }>(
      `select count(*) as told from mock_provider.events where idempotency_key = (
         select idempotency_key::text from payments where payment_id = $1)`,
      [paymentId],
    );
    expect(told).toBe(1);
  });

  test('is declined when nobody decides in time, and no later decision counts', async () => {
    const booking = bookings.add();
    const { paymentId, path } = await challenged(booking);
    await service.database.execute(
      `update mock_provider.charges set settles_at = now() - interval '1 second' where idempotency_key = (
         select idempotency_key::text from payments where payment_id = $1)`,
      [paymentId],
    );
    await decide(path, 'approve');
    const { body } = await service.untilStatus(paymentId, 'FAILED');
    expect(body.decline_reason).toBe('challenge_expired');
    expect(await page(path)).toContain('was not made');
  });

  test('is found approved although the service was stopped meanwhile', async () => {
    const booking = bookings.add();
    const { paymentId, path } = await challenged(booking);
    await decide(path, 'approve');
    await service.stopService();
    await service.startService();
    await service.untilBooked(paymentId);
    expect(await service.balances(booking)).toEqual({ provider_clearing: 633_100, booking_sales: -633_100 });
  });
});

test('an address that nobody was given leads nowhere', async () => {
  const path = '/api/payments/mock-provider/challenges/guess';
  expect(await service.call(undefined, 'GET', path)).toMatchObject({
    status: 404,
    body: { type: 'challenge-not-found' },
  });
  expect((await decide(path, 'approve')).status).toBe(404);
  expect((await service.call(undefined, 'GET', `${path}%2e%2e`)).status).toBe(400);
});

test('a browser may send the form with its own content type', async () => {
  const { path, paymentId } = await challenged(bookings.add());
  const response = await fetch(`${service.url}${path}/approve`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  });
  expect(response.status).toBe(200);
  await service.untilBooked(paymentId);
});
