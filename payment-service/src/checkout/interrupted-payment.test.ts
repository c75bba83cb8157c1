import { JobQueue } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problem, type TestBooking } from '../testing/test-bookings.js';
import { testParts } from '../testing/test-parts.js';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { Payment } from '../payments/payment.js';
import { settlePayment } from './checkout.jobs.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

const CONFIRMED = { provider_clearing: 633_100, booking_sales: -633_100 };

/** What a process leaves behind that dies right after it has begun a payment. */
async function beginAndDie(booking: TestBooking, methodToken = 'tok_success'): Promise<Payment> {
  const { bookingId, userId, amountDuePaise: amountPaise } = booking;
  const method = { token: methodToken };
  return testParts(service.database).transitions.begin({ bookingId, userId, amountPaise, method });
}

/** The same of one that dies right after what came in is in the books. */
async function captureAndDie(booking: TestBooking): Promise<Payment> {
  const payment = await beginAndDie(booking);
  const { idempotencyKey, amountPaise } = payment;
  const charge = await provider().charge({ idempotencyKey, amountPaise, methodToken: 'tok_success' });
  if (charge.status !== 'CAPTURED') throw new Error(`The charge is ${charge.status}.`);
  await testParts(service.database).transitions.capture(payment, charge);
  return payment;
}

const provider = () => testParts(service.database).provider;

describe('a payment whose process dies', () => {
  test('before the charge reached the provider fails, and the customer may pay again', async () => {
    const booking = bookings.add();
    const { paymentId, idempotencyKey, amountPaise } = await beginAndDie(booking);
    expect((await service.untilStatus(paymentId, 'FAILED')).body.decline_reason).toBe('not_charged');
    // The charge was on its way all the time.
    await provider().charge({ idempotencyKey, amountPaise, methodToken: 'tok_success' });
    expect((await service.pay(booking)).status).toBe(201);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });

  test('after the charge and before we knew of it ends in a confirmed booking', async () => {
    const booking = bookings.add();
    await service.stopService();
    const { paymentId, idempotencyKey, amountPaise } = await beginAndDie(booking);
    await provider().charge({ idempotencyKey, amountPaise, methodToken: 'tok_success' });
    await service.startService();
    await service.until(
      () => service.payment(paymentId),
      ({ body }) => body.booking_status === 'CONFIRMED',
    );
    expect(booking.confirmedBy).toBe(paymentId);
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test.each([
    ['before the booking was told', false],
    ['after the booking took it', true],
  ])('after the capture is in the books and %s ends in a confirmed booking', async (_when, wasTold) => {
    const booking = bookings.add();
    await service.stopService();
    const payment = await captureAndDie(booking);
    if (wasTold) Object.assign(booking, { status: 'CONFIRMED', confirmedBy: payment.paymentId });
    await service.startService();
    await service.untilBooked(payment.paymentId);
    expect(booking.confirmedBy).toBe(payment.paymentId);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('while the provider is still at work is waited for', async () => {
    const booking = bookings.add();
    await service.stopService();
    const { paymentId, idempotencyKey, amountPaise } = await beginAndDie(booking, 'tok_slow');
    await expect(
      provider().charge({ idempotencyKey, amountPaise, methodToken: 'tok_slow' }),
    ).rejects.toMatchObject({ name: 'ProviderUnreachable' });
    await service.startService();
    expect((await service.payment(paymentId)).body.status).toBe('PROCESSING');
    await service.untilStatus(paymentId, 'SUCCEEDED');
    await service.until(
      () => service.payment(paymentId),
      ({ body }) => body.booking_status === 'CONFIRMED',
    );
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });
});

test('a payment that goes well leaves no job behind', async () => {
  // However slow this machine is, no job has begun by then.
  await service.stopService();
  await service.startService({ FAST_PATH_MS: '600000' });
  const booking = bookings.add();
  const { body } = await service.pay(booking);
  expect(body).toMatchObject({ status: 'SUCCEEDED', booking_status: 'CONFIRMED' });
  const left = await service.database.rows<{ job: string }>(
    `select identifier as job from graphile_worker._private_jobs as jobs
     join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
     where payload #>> '{data,payment_id}' = $1`,
    [String(body.payment_id)],
  );
  expect(left).toEqual([]);
  await service.stopService();
  await service.startService();
});

test('a charge whose answer is lost is found again and confirms the booking', async () => {
  // No webhook tells of it either, or it might come before we stop waiting for the answer.
  await service.stopService();
  await service.startService({ PAYMENT_WEBHOOK_URL: 'http://127.0.0.1:9' });
  const booking = bookings.add();
  const { status, body } = await service.pay(booking, { payment_method: 'tok_timeout_after_capture' });
  expect(status).toBe(202);
  expect(body).toMatchObject({ status: 'PROCESSING', booking_status: 'PENDING', amount: 6331 });
  const again = await service.pay(booking);
  expect(again.status).toBe(409);
  // The payment's job may have found the capture by now.
  expect(['payment-in-progress', 'already-paid']).toContain(again.body.type);
  await service.until(
    () => service.payment(body.payment_id as number),
    (seen) => seen.body.booking_status === 'CONFIRMED',
  );
  expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  expect(await service.balances(booking)).toEqual(CONFIRMED);
  await service.stopService();
  await service.startService();
});

describe('when booking-service is away after the capture', () => {
  test('the customer learns that the money is taken, and the booking is confirmed later', async () => {
    const booking = bookings.add();
    booking.answers = { status: 503 };
    const { status, body } = await service.pay(booking);
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'SUCCEEDED', booking_status: 'PENDING' });
    expect(await service.balances(booking)).toEqual({
      provider_clearing: 633_100,
      customer_deposits: -633_100,
    });
    const again = await service.pay(booking);
    expect([again.status, again.body.type]).toEqual([409, 'already-paid']);

    delete booking.answers;
    await service.until(
      () => service.payment(body.payment_id as number),
      (seen) => seen.body.booking_status === 'CONFIRMED',
    );
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('another instance finishes what a stopped one began', async () => {
    const booking = bookings.add();
    booking.answers = { status: 503 };
    const { body } = await service.pay(booking);
    await service.stopService();
    delete booking.answers;
    await service.startService();
    await service.until(
      () => service.payment(body.payment_id as number),
      (seen) => seen.body.booking_status === 'CONFIRMED',
    );
    expect(booking.confirmedBy).toBe(body.payment_id);
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('for longer than a hundred failures, the booking is confirmed all the same', async () => {
    const booking = bookings.add();
    booking.answers = { status: 503 };
    const { body } = await service.pay(booking);
    await service.until(
      () =>
        service.database.execute(
          `update graphile_worker._private_jobs set attempts = 150, run_at = now()
           where payload #>> '{data,payment_id}' = $1 and locked_by is null and task_id = (
             select id from graphile_worker._private_tasks where identifier = 'confirm-payment')`,
          [String(body.payment_id)],
        ),
      (updated) => updated === 1,
    );
    delete booking.answers;
    await service.until(
      () => service.payment(body.payment_id as number),
      (seen) => seen.body.booking_status === 'CONFIRMED',
    );
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test.each([
    [401, 'invalid-token'],
    [404, 'route-not-found'],
  ])('a refusal %i %s that says nothing of the booking is asked again', async (status, type) => {
    const booking = bookings.add();
    booking.answers = problem(status, type);
    const { body } = await service.pay(booking);
    expect(body.booking_status).toBe('PENDING');
    delete booking.answers;
    await service.until(
      () => service.payment(body.payment_id as number),
      (seen) => seen.body.booking_status === 'CONFIRMED',
    );
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });
});

test('a confirmation that request and job ask for at once is entered once', async () => {
  const booking = bookings.add({ gathers: 2 });
  const { body } = await service.pay(booking);
  expect(body.booking_status).toBe('CONFIRMED');
  await service.untilIdle();
  expect(bookings.confirmations(booking)).toBeGreaterThan(1);
  expect(await service.balances(booking)).toEqual(CONFIRMED);
});

describe('when booking-service is away before the payment', () => {
  test('nothing is begun and the answer says which part is away', async () => {
    const booking = bookings.add();
    bookings.stub.failNext(3);
    const { status, body } = await service.pay(booking);
    expect(status).toBe(503);
    expect(body.upstream).toBe('booking');
    expect(
      await service.database.rows('select from payments where booking_id = $1', [booking.bookingId]),
    ).toEqual([]);
  });
});

describe('a provider that changes its mind', () => {
  /** Makes the provider say that a declined charge has succeeded after all, and looks. */
  async function captureLate(paymentId: number): Promise<void> {
    await service.database.execute(
      `update mock_provider.charges set status = 'CAPTURED', outcome = 'CAPTURED', decline_reason = null
       where idempotency_key = (select idempotency_key::text from payments where payment_id = $1)`,
      [paymentId],
    );
    await new JobQueue().add(service.database, settlePayment, { payment_id: paymentId });
  }

  test('pays for the booking after all', async () => {
    const booking = bookings.add();
    const { body } = await service.pay(booking, { payment_method: 'tok_declined' });
    await captureLate(body.payment_id as number);
    await service.until(
      () => service.payment(body.payment_id as number),
      (seen) => seen.body.booking_status === 'CONFIRMED',
    );
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('after the booking was paid otherwise gets its money back to the customer', async () => {
    const booking = bookings.add();
    const { body: declined } = await service.pay(booking, { payment_method: 'tok_declined' });
    const { body: paid } = await service.pay(booking);
    await captureLate(declined.payment_id as number);
    const { body } = await service.untilStatus(declined.payment_id as number, 'REFUNDED');
    expect(body.refunds).toMatchObject([{ amount: 6331, reason_code: 'already_paid', status: 'SUCCEEDED' }]);
    expect(booking.confirmedBy).toBe(paid.payment_id);
    expect(await service.atProvider(booking)).toEqual({ captures: 2, refunds: 1 });
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });
});
