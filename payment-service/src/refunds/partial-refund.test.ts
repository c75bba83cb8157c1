import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { TestBooking } from '../testing/test-bookings.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

const PART = { amount_paise: 400_000 };
const FEE_KEPT = { provider_clearing: 233_100, cancellation_fees: -233_100 };

/** A booking that is paid, and its payment. */
async function paid(): Promise<{ booking: TestBooking; paymentId: number }> {
  const booking = bookings.add();
  const { body } = await service.pay(booking);
  return { booking, paymentId: body.payment_id as number };
}

describe('a cancellation that gives back less than came in', () => {
  test('gives back exactly that, and keeps the rest as a fee', async () => {
    const { booking, paymentId } = await paid();
    expect((await service.refund(booking, PART)).status).toBe(204);
    const { body: payment } = await service.payment(paymentId);
    expect(payment).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded_amount: 4000 });
    expect(payment.refunds).toMatchObject([{ status: 'SUCCEEDED', amount: 4000, reason_code: 'cancelled' }]);
    expect(await service.balances(booking)).toEqual(FEE_KEPT);
  });

  test('is given back once when it is asked for again', async () => {
    const { booking } = await paid();
    await service.refund(booking, PART);
    expect((await service.refund(booking, PART)).status).toBe(204);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
  });

  test.each([300_000, 633_100])('refuses to be %i paise afterwards', async (amountPaise) => {
    const { booking } = await paid();
    await service.refund(booking, PART);
    const { status, body } = await service.refund(booking, { amount_paise: amountPaise });
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'refund-differs', refunded_paise: 400_000 });
    expect(await service.balances(booking)).toEqual(FEE_KEPT);
  });

  test('ten times at once, half of them of another amount, gives back one of the two once', async () => {
    const { booking } = await paid();
    const amounts = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 400_000 : 500_000));
    const answers = await Promise.all(
      amounts.map((amountPaise) => service.refund(booking, { amount_paise: amountPaise })),
    );
    const given = amounts.filter((_, i) => answers[i]?.status === 204);
    expect(given).toHaveLength(5);
    expect(new Set(given).size).toBe(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    const kept = booking.amountDuePaise - (given[0] as number);
    expect(await service.balances(booking)).toEqual({ provider_clearing: kept, cancellation_fees: -kept });
  });

  test('that exceeds what came in is refused', async () => {
    const { booking, paymentId } = await paid();
    const { status, body } = await service.refund(booking, { amount_paise: 633_101 });
    expect([status, body.type]).toEqual([409, 'refund-differs']);
    expect((await service.payment(paymentId)).body).toMatchObject({ status: 'SUCCEEDED', refunds: [] });
  });

  test('of the payment of another booking is refused', async () => {
    const { paymentId } = await paid();
    const other = await paid();
    const { status, body } = await service.refund(other.booking, { payment_id: paymentId });
    expect([status, body.type]).toEqual([404, 'payment-not-found']);
  });

  test('of a payment that failed is refused', async () => {
    const booking = bookings.add();
    const { body } = await service.pay(booking, { payment_method: 'tok_declined' });
    const answer = await service.refund(booking, { payment_id: body.payment_id as number });
    expect([answer.status, answer.body.type]).toEqual([409, 'refund-differs']);
  });
});

describe('an operator', () => {
  const give = (paymentId: number, reason: unknown = 'a gesture') =>
    service.call({ userId: 1, role: 'admin' }, 'POST', `/api/payments/${paymentId}/refund`, { reason });

  test('is sent to the booking for what a cancellation has kept, for no credit note would follow', async () => {
    const { booking, paymentId } = await paid();
    await service.refund(booking, PART);
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    const answers = await Promise.all(Array.from({ length: 5 }, () => give(paymentId)));
    for (const { status, body } of answers) expect([status, body.type]).toEqual([409, 'refund-settled']);
    expect(answers[0]?.body.detail).toContain(`POST /api/bookings/${booking.bookingId}/refund`);
    expect((await service.payment(paymentId)).body).toMatchObject({ refunded_amount: 4000 });
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
  });

  test('gives back what the cancellation says and nobody has asked for, once', async () => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    const answers = await Promise.all(Array.from({ length: 3 }, () => give(paymentId)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await service.refund(booking, PART)).status).toBe(204);
    expect((await service.payment(paymentId)).body).toMatchObject({
      refunded_amount: 4000,
      refunds: [{ amount: 4000, reason_code: 'cancelled' }],
    });
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
  });

  test.each(['CONFIRMED', 'TICKETED'] as const)('is sent to a booking that is %s', async (status) => {
    const { booking, paymentId } = await paid();
    booking.status = status;
    const answer = await give(paymentId);
    expect(answer).toMatchObject({ status: 409, body: { type: 'payment-in-use', booking_status: status } });
    expect(answer.body.detail).toContain(`POST /api/bookings/${booking.bookingId}/refund`);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });

  test('waits until booking-service has answered to a payment', async () => {
    const booking = bookings.add({ answers: { status: 503 } });
    const { body } = await service.pay(booking);
    expect((await give(body.payment_id as number)).body.type).toBe('payment-in-use');
  });

  test('gives nothing back of what never came in', async () => {
    const { body } = await service.pay(bookings.add(), { payment_method: 'tok_declined' });
    expect((await give(body.payment_id as number)).body.type).toBe('nothing-captured');
  });

  test('must say why, and be one', async () => {
    const { paymentId } = await paid();
    expect((await give(paymentId, '')).status).toBe(400);
    const customer = { userId: 10 };
    const path = `/api/payments/${paymentId}/refund`;
    expect((await service.call(customer, 'POST', path, { reason: 'please' })).status).toBe(403);
  });
});
