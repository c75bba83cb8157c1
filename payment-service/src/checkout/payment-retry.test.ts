import { afterAll, beforeAll, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;
const ADMIN = { userId: 1, role: 'admin' } as const;

beforeAll(() => service.start());
afterAll(() => service.stop());

const retry = (paymentId: number) => service.call(ADMIN, 'POST', `/api/payments/${paymentId}/retry`);
const stuckJobs = async (): Promise<unknown[]> =>
  (await service.call(ADMIN, 'GET', '/api/payments/stuck-jobs')).body.stuck_jobs as unknown[];

/** A payment whose confirmation was tried as often as it may be. */
async function stuckPayment() {
  const booking = bookings.add();
  booking.answers = { status: 503 };
  const { body } = await service.pay(booking);
  const paymentId = body.payment_id as number;
  await service.until(
    () =>
      service.database.execute(
        `update graphile_worker._private_jobs set attempts = max_attempts - 1, run_at = now()
         where payload #>> '{data,payment_id}' = $1 and locked_by is null and task_id = (
           select id from graphile_worker._private_tasks where identifier = 'confirm-payment')`,
        [String(paymentId)],
      ),
    (updated) => updated === 1,
  );
  await service.until(stuckJobs, ({ length }) => length === 1);
  return { booking, paymentId };
}

test('an operator has the confirmation of a payment tried again that was given up, once', async () => {
  const { booking, paymentId } = await stuckPayment();
  expect(await stuckJobs()).toMatchObject([{ job: 'confirm-payment', about: { payment_id: paymentId } }]);
  delete booking.answers;
  const answers = await Promise.all([retry(paymentId), retry(paymentId)]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  expect(answers.flatMap(({ body }) => body.retried as string[])).toEqual(['confirm-payment']);
  await service.untilBooked(paymentId);
  expect(await stuckJobs()).toEqual([]);
  expect(await service.balances(booking)).toEqual({ provider_clearing: 633_100, booking_sales: -633_100 });
});

test('retrying what is not stuck changes nothing', async () => {
  const booking = bookings.add();
  const { body } = await service.pay(booking);
  expect((await retry(body.payment_id as number)).body).toEqual({
    payment_id: body.payment_id as number,
    retried: [],
  });
  expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
});

test('only an operator may, and only of payments that exist', async () => {
  const { body } = await service.pay(bookings.add());
  const path = `/api/payments/${body.payment_id}/retry`;
  expect((await service.call({ userId: 10 }, 'POST', path)).status).toBe(403);
  expect((await service.call({ userId: 10 }, 'GET', '/api/payments/stuck-jobs')).status).toBe(403);
  expect((await retry(999_999)).status).toBe(404);
});
