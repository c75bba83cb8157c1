import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Payment } from '../payments/payment.js';
import type { ProviderEvent } from '../provider/provider-event.js';
import { PaymentServiceUnderTest, WEBHOOK_SECRET } from '../testing/payment-service-under-test.js';
import { eventAbout, sendWebhook } from '../testing/signed-webhooks.js';
import type { TestBooking } from '../testing/test-bookings.js';
import { testParts } from '../testing/test-parts.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

const CONFIRMED = { provider_clearing: 633_100, booking_sales: -633_100 };

/** A payment whose process died when the provider had not been asked yet, and that no job looks after. */
async function begun(booking: TestBooking, methodToken = 'tok_success'): Promise<Payment> {
  const { bookingId, userId, amountDuePaise: amountPaise } = booking;
  const { transitions } = testParts(service.database);
  await service.stopService();
  const payment = await transitions.begin({ bookingId, userId, amountPaise, method: { token: methodToken } });
  await service.database.execute(
    `select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs`,
  );
  await service.startService();
  return payment;
}

const charge = ({ idempotencyKey, amountPaise, methodToken }: Payment) =>
  testParts(service.database).provider.charge({ idempotencyKey, amountPaise, methodToken });

interface Recorded {
  readonly outcome: string;
  readonly reason: string | null;
  readonly deliveries: number;
  readonly type: string;
}
const recorded = (eventId: string): Promise<Recorded | undefined> =>
  service.database.maybeRow<Recorded>(
    'select outcome, reason, deliveries, type from provider_events where event_id = $1',
    [eventId],
  );
/** Everything that the provider told of a payment, in the order in which it came. */
const told = (paymentId: number): Promise<Recorded[]> =>
  service.database.rows<Recorded>(
    `select outcome, reason, deliveries, type from provider_events where payment_id = $1 order by received_at`,
    [paymentId],
  );
const questions = async (): Promise<number> =>
  (
    await service.database.row<{ jobs: number }>(
      `select count(*) as jobs from graphile_worker.jobs where task_identifier like 'settle-%'`,
    )
  ).jobs;

describe('a webhook', () => {
  test('makes us ask the provider, and a payment that nobody looked after is paid', async () => {
    const booking = bookings.add();
    const payment = await begun(booking);
    await charge(payment);
    await service.untilBooked(payment.paymentId);
    expect(await told(payment.paymentId)).toMatchObject([{ type: 'payment.captured', outcome: 'ASKED' }]);
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('of what we know already is recorded and asks nothing', async () => {
    const { body } = await service.pay(bookings.add());
    const [event] = await service.until(
      () => told(body.payment_id as number),
      ({ length }) => length === 1,
    );
    expect(event).toMatchObject({ outcome: 'KNOWN', deliveries: 1 });
  });

  test('is not believed: a capture that the provider knows nothing of ends as no charge', async () => {
    const booking = bookings.add();
    const payment = await begun(booking);
    const event = eventAbout(payment);
    expect((await sendWebhook(service, event)).status).toBe(204);
    const { body } = await service.untilStatus(payment.paymentId, 'FAILED');
    expect(body.decline_reason).toBe('not_charged');
    expect(await service.balances(booking)).toEqual({});
    expect(await recorded(event.event_id)).toMatchObject({ outcome: 'ASKED' });
  });

  test.each([
    ['tok_duplicate_webhook', 2],
    ['tok_duplicate_webhook_10', 10],
  ])('of %s comes %i times and counts once', async (methodToken, times) => {
    const booking = bookings.add();
    const payment = await begun(booking, methodToken);
    await charge(payment);
    await service.untilBooked(payment.paymentId);
    await service.until(
      () => told(payment.paymentId),
      ([event]) => event?.deliveries === times,
    );
    await service.untilIdle();
    expect(bookings.confirmations(booking)).toBeGreaterThan(0);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('that comes ten times at once is one question', async () => {
    const booking = bookings.add();
    const payment = await begun(booking, 'tok_challenge');
    await charge(payment);
    const event = eventAbout(payment, { type: 'payment.failed' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => sendWebhook(service, event)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(204));
    expect(await recorded(event.event_id)).toMatchObject({ outcome: 'ASKED', deliveries: 10 });
    expect(await questions()).toBeLessThanOrEqual(1);
    expect((await service.payment(payment.paymentId)).body.status).toBe('PROCESSING');
  });

  test('may come before the answer of the call that caused it', async () => {
    const booking = bookings.add();
    const { status, body } = await service.pay(booking, { payment_method: 'tok_webhook_first' });
    expect([status, body.booking_status]).toEqual([201, 'CONFIRMED']);
    expect(await told(body.payment_id as number)).toMatchObject([{ outcome: 'ASKED', deliveries: 1 }]);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('that tells last what happened first takes nothing back', async () => {
    const booking = bookings.add();
    const { body } = await service.pay(booking, { payment_method: 'tok_webhooks_out_of_order' });
    const events = await service.until(
      () => told(body.payment_id as number),
      ({ length }) => length === 2,
    );
    expect(events.map(({ type }) => type)).toEqual(['payment.captured', 'payment.failed']);
    await service.untilIdle();
    expect((await service.payment(body.payment_id as number)).body.status).toBe('SUCCEEDED');
    expect(await service.balances(booking)).toEqual(CONFIRMED);
  });

  test('waits for a service that is away', async () => {
    const booking = bookings.add();
    const payment = await begun(booking, 'tok_success');
    await service.stopService();
    await charge(payment);
    await service.startService();
    await service.untilBooked(payment.paymentId);
  });
});

describe('a webhook that does not say what our row says', () => {
  const oddities: [string, Partial<ProviderEvent>, RegExp][] = [
    ['another amount', { amount_paise: 1 }, /about 1 paise, and ours about 633100/],
    ['another currency', { currency: 'USD' }, /about USD, and ours is in INR/],
  ];

  test.each(oddities)(
    'but %s is kept for whoever reconciles, and changes nothing',
    async (_what, odd, reason) => {
      const booking = bookings.add();
      const { body } = await service.pay(booking);
      const payment = await testParts(service.database).payments.get(
        service.database,
        body.payment_id as number,
      );
      const event = eventAbout(payment, odd);
      expect((await sendWebhook(service, event)).status).toBe(204);
      expect(await recorded(event.event_id)).toMatchObject({
        outcome: 'MISMATCH',
        reason: expect.stringMatching(reason) as string,
      });
      await service.untilIdle();
      expect((await service.payment(payment.paymentId)).body).toMatchObject({
        status: 'SUCCEEDED',
        amount: 6331,
      });
      expect(await service.balances(booking)).toEqual(CONFIRMED);
    },
  );

  test('but another charge is one too', async () => {
    const { body } = await service.pay(bookings.add());
    const payment = await testParts(service.database).payments.get(
      service.database,
      body.payment_id as number,
    );
    const event = eventAbout(payment, { charge_id: 'ch_other' });
    await sendWebhook(service, event);
    expect(await recorded(event.event_id)).toMatchObject({ outcome: 'MISMATCH' });
  });

  test.each(['00000000-0000-4000-8000-000000000000', 'no-key-of-ours'])(
    'but a key that is not ours, %s, is recorded as such',
    async (idempotency_key) => {
      const { body } = await service.pay(bookings.add());
      const { payments } = testParts(service.database);
      const payment = await payments.get(service.database, body.payment_id as number);
      const types = ['payment.captured', 'refund.succeeded'] as const;
      for (const type of types) {
        const event = eventAbout(payment, { type, idempotency_key, refund_id: 're_1' });
        expect((await sendWebhook(service, event)).status).toBe(204);
        expect(await recorded(event.event_id)).toMatchObject({ outcome: 'UNKNOWN' });
      }
    },
  );
});

describe('a webhook that the provider did not send', () => {
  let payment: Payment;
  beforeAll(async () => {
    payment = await begun(bookings.add(), 'tok_challenge');
    await charge(payment);
  });

  /** Nothing is recorded, nothing is asked, nothing has changed. */
  async function leavesNoTrace({ event_id: eventId }: ProviderEvent): Promise<void> {
    expect(await recorded(eventId)).toBeUndefined();
    expect(await questions()).toBe(0);
    expect((await service.payment(payment.paymentId)).body.status).toBe('PROCESSING');
  }

  const MINUTES_6 = 360_000;
  test.each([
    ['is not signed', { signature: null }, 401, 'invalid-signature'],
    ['is signed with another secret', { secret: 'a-guess-of-the-secret' }, 401, 'invalid-signature'],
    ['is signed for other bytes', { sent: '{"event_id":"evt_1"}' }, 401, 'invalid-signature'],
    ['is not even JSON', { sent: 'not JSON' }, 401, 'invalid-signature'],
    ['is old', { at: new Date(Date.now() - MINUTES_6) }, 400, 'stale-signature'],
    ['is from the future', { at: new Date(Date.now() + MINUTES_6) }, 400, 'stale-signature'],
  ] as const)('because it %s changes nothing', async (_why, forgery, status, type) => {
    const event = eventAbout(payment);
    expect(await sendWebhook(service, event, forgery)).toMatchObject({ status, body: { type } });
    await leavesNoTrace(event);
  });

  test('though its bytes differ only in a space changes nothing', async () => {
    const event = eventAbout(payment);
    const sent = JSON.stringify(event, undefined, 1);
    expect((await sendWebhook(service, event, { sent })).status).toBe(401);
    await leavesNoTrace(event);
  });

  test('but is signed and has no known form is refused', async () => {
    for (const body of ['{}', '[]', 'null', '{"type":"payment.captured"}', '{']) {
      expect((await sendWebhook(service, body)).status).toBe(400);
    }
    expect(await questions()).toBe(0);
  });
});

test('while secrets are changed both are good, and the first one signs', async () => {
  const secrets = ['the-provider-will-sign-with-this', WEBHOOK_SECRET];
  await service.stopService();
  await service.startService({ PAYMENT_WEBHOOK_SECRETS: secrets.join(',') });
  const payment = await (async () => {
    const { body } = await service.pay(bookings.add());
    return testParts(service.database).payments.get(service.database, body.payment_id as number);
  })();
  for (const secret of secrets) {
    expect((await sendWebhook(service, eventAbout(payment), { secret })).status).toBe(204);
  }
  await service.stopService();
  await service.startService({ PAYMENT_WEBHOOK_SECRETS: secrets[0] as string });
  expect((await sendWebhook(service, eventAbout(payment))).status).toBe(401);
  await service.stopService();
  await service.startService();
});

describe('the record of webhooks', () => {
  test('is never changed or forgotten', async () => {
    const { database } = service;
    await expect(
      database.execute(`update provider_events set reason = 'x', outcome = 'UNKNOWN'`),
    ).rejects.toMatchObject({ constraint: 'provider_events_append_only' });
    await expect(database.execute('delete from provider_events')).rejects.toMatchObject({
      constraint: 'provider_events_append_only',
    });
  });

  test('commits together with the question, or not at all', async () => {
    const payment = await begun(bookings.add(), 'tok_challenge');
    await charge(payment);
    const event = eventAbout(payment);
    await service.database.execute(
      `create function refuse_jobs() returns trigger language plpgsql as $$ begin raise 'no'; end $$`,
    );
    await service.database.execute(
      'create trigger refuse_jobs before insert on graphile_worker._private_jobs execute function refuse_jobs()',
    );
    expect((await sendWebhook(service, event)).status).toBe(500);
    expect(await recorded(event.event_id)).toBeUndefined();
    await service.database.execute('drop trigger refuse_jobs on graphile_worker._private_jobs');
    expect((await sendWebhook(service, event)).status).toBe(204);
    expect(await recorded(event.event_id)).toMatchObject({ outcome: 'ASKED', deliveries: 1 });
  });
});
