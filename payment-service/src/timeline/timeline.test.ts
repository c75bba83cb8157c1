import { timelinePart, type TimelineEntry } from '@flight-booking/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import { eventAbout, sendWebhook } from '../testing/signed-webhooks.js';
import { testParts } from '../testing/test-parts.js';
import type { Refund } from '../refunds/refund.js';
import type { TestBooking } from '../testing/test-bookings.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

async function timeline({ bookingId }: Pick<TestBooking, 'bookingId'>): Promise<TimelineEntry[]> {
  const path = `/internal/bookings/${bookingId}/timeline`;
  const { status, body } = await service.call({ service: 'booking-service' }, 'GET', path);
  expect(status).toBe(200);
  const { entries } = timelinePart.parse(body);
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted());
  return entries;
}
const untilTold = (booking: TestBooking, event: string) =>
  service.until(
    () => timeline(booking),
    (entries) => entries.some((entry) => entry.event === event),
  );

test('the timeline tells of a payment from its start to its booking', async () => {
  const booking = bookings.add();
  const { body } = await service.pay(booking);
  const entries = await untilTold(booking, 'webhook.received');
  expect(entries.map(({ event }) => event)).toEqual([
    'payment.started',
    'payment.captured',
    'webhook.received',
  ]);
  expect(entries[0]).toMatchObject({
    detail: `Payment ${body.payment_id} of ₹6,331.00 with tok_success.`,
    cause: 'customer',
  });
});

test('the timeline tells of declines, challenges and webhooks that were not believed', async () => {
  const booking = bookings.add();
  await service.pay(booking, { payment_method: 'tok_insufficient_funds' });
  const { body } = await service.pay(booking, { payment_method: 'tok_challenge' });
  const payment = await testParts(service.database).payments.get(service.database, body.payment_id as number);
  await sendWebhook(service, eventAbout(payment, { amount_paise: 1 }));
  const told = (await timeline(booking)).map(({ event, detail, cause }) => `${event} ${detail} ${cause}`);
  expect(told).toContainEqual(expect.stringMatching(/^payment\.failed .*insufficient_funds/));
  expect(told).toContainEqual(expect.stringMatching(/^payment\.challenged /));
  expect(told).toContainEqual(
    expect.stringMatching(/^webhook\.received .*it was not believed\. It is about 1 paise/),
  );
});

test('the timeline tells of money that came too late, and of each attempt to give it back', async () => {
  const booking = bookings.add({ refuses: 'expired' });
  const { body } = await service.pay(booking, { payment_method: 'tok_refund_fails' });
  await service.untilStatus(body.payment_id as number, 'REFUNDED');
  const entries = await untilTold(booking, 'refund.succeeded');
  const events = entries.map(({ event }) => event).filter((event) => event !== 'webhook.received');
  expect(events).toEqual([
    'payment.started',
    'payment.captured',
    'payment.refused',
    'refund.created',
    'refund.failed',
    'refund.succeeded',
  ]);
});

test('the timeline tells of a refund that was stuck, also after an operator has started it again', async () => {
  const booking = bookings.add();
  const { body } = await service.pay(booking);
  const paymentId = body.payment_id as number;
  await service.stopService();
  const { refunds, refundTransitions } = testParts(service.database);
  await refundTransitions.oweCancellation({
    bookingId: booking.bookingId,
    paymentId,
    amountPaise: booking.amountDuePaise,
    returnedFeePaise: 0,
    reason: 'You cancelled the booking.',
  });
  const { refundId } = (await refunds.findByPayments(service.database, [paymentId]))[0] as Refund;
  await refunds.giveUp(service.database, refundId, 'It failed 3 times: the bank is away');
  await service.database.transaction((tx) => refundTransitions.retryRefunds(tx, paymentId));
  await service.startService();
  const entries = await untilTold(booking, 'refund.succeeded');
  const told = entries.filter(({ event }) => event.startsWith('refund.'));
  expect(told.map(({ event, cause }) => [event, cause])).toEqual([
    ['refund.created', 'booking-service: You cancelled the booking.'],
    ['refund.stuck', 'payment provider: It failed 3 times: the bank is away'],
    ['refund.restarted', 'operator'],
    ['refund.succeeded', 'payment provider'],
  ]);
});

test('the timeline of a booking that nobody paid for is empty, and is for services alone', async () => {
  expect(await timeline({ bookingId: 999_999 })).toEqual([]);
  const path = '/internal/bookings/1/timeline';
  expect((await service.call({ userId: 10 }, 'GET', path)).status).toBe(403);
  expect((await service.call(undefined, 'GET', path)).status).toBe(401);
});
