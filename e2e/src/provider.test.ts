import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { LocalStack } from '@flight-booking/local-stack';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInAsAdministrator, type Administrator } from './api/administrator.js';
import type { Exchange } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { createTestStack } from './testing/global-setup.js';
import { book, bookAndPay, eventually } from './testing/journeys.js';

const NEAR_HOURS = 100;
/** On a busy machine it takes some seconds from booking to paying. */
const BOOKING_TTL_MS = 8_000;
/** Never, unless a test says so: only it knows when somebody else has the seats. */
const LATE_MS = 3_600_000;

/** A webhook as the provider sent it. */
interface SentWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

describe('a provider that decides late, gives up early, and is listened to', () => {
  let stack: LocalStack;
  let gatewayUrl: string;
  let administrator: Administrator;
  const webhooks: SentWebhook[] = [];
  const wire: Server = createServer((request, response) => {
    void (async () => {
      const text = (await buffer(request)).toString();
      webhooks.push({ headers: request.headers, text });
      // The gateway may be gone by the end of the tests, and the provider tries again later.
      response.statusCode = await deliver({ headers: request.headers, text }).catch(() => 503);
      response.end();
    })();
  });

  /** Sends a webhook to the gateway, as its sender would. */
  async function deliver({ headers, text }: SentWebhook): Promise<number> {
    const { status } = await fetch(`${gatewayUrl}/api/payments/webhook`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'payment-signature': String(headers['payment-signature']),
      },
      body: text,
    });
    return status;
  }

  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      wire.listen(0, '127.0.0.1', resolve);
    });
    stack = createTestStack({
      BOOKING_TTL_MS: String(BOOKING_TTL_MS),
      MOCK_PROVIDER_LATE_MS: String(LATE_MS),
      MOCK_PROVIDER_SLOW_MS: '200',
      REFUND_MAX_ATTEMPTS: '1',
      PAYMENT_WEBHOOK_URL: `http://127.0.0.1:${(wire.address() as AddressInfo).port}/`,
    });
    await stack.start();
    await stack.waitUntilHealthy();
    gatewayUrl = stack.urls['api-gateway'];
    administrator = await signInAsAdministrator(gatewayUrl, stack.adminCredentials);
  });
  afterAll(async () => {
    await stack.stop();
    wire.closeAllConnections();
    wire.close();
  });

  const statusOf = async (customer: Customer, id: number): Promise<string> =>
    (await customer.booking(id)).body.status;

  /** Has the provider capture after all what it declined for a booking. */
  async function captureLate(bookingId: number): Promise<void> {
    const client = new pg.Client({ connectionString: stack.postgresUrl('payment-service') });
    await client.connect();
    const { rowCount } = await client.query(
      `with due as (
         update mock_provider.charges as charges set settles_at = now() from payments
         where payments.idempotency_key::text = charges.idempotency_key and booking_id = $1
         returning charges.idempotency_key as key)
       update graphile_worker._private_jobs set run_at = now() from due
       where payload -> 'data' ->> 'idempotency_key' = due.key`,
      [bookingId],
    );
    await client.end();
    expect(rowCount).toBe(1);
  }

  /** A declined payment whose booking has expired; it may yet succeed. */
  async function declinedForNow() {
    const [customer, flight] = await Promise.all([
      newCustomer(gatewayUrl),
      administrator.addFlight(NEAR_HOURS),
    ]);
    const booking = await book(customer, flight);
    const { booking_id: id, amount_due: due } = booking;
    const declined = await customer.pay(id, due, { payment_method: 'tok_late_success' });
    expect(declined.status).toBe(402);
    await eventually(
      () => statusOf(customer, id),
      (status) => expect(status).toBe('EXPIRED'),
    );
    const seats = booking.seats.map(({ seat_number: seat }) => seat);
    return { customer, flight, id, due, seats };
  }

  it.concurrent('confirms an expired booking whose seats are still free, and keeps the money', async () => {
    const { customer, id } = await declinedForNow();
    await captureLate(id);
    await eventually(
      () => statusOf(customer, id),
      (status) => expect(status).toBe('CONFIRMED'),
    );
    await eventually(
      () => customer.payments(id),
      (payments) => expect(payments).toMatchObject([{ status: 'SUCCEEDED', refunds: [] }]),
    );
    expect((await customer.ticket(id)).status).toBe(201);
  });

  it.concurrent('gives all of the money back when the seats were sold meanwhile', async () => {
    const { customer, flight, id, due, seats } = await declinedForNow();
    const other = await newCustomer(gatewayUrl);
    await eventually(
      () => other.api.post('/api/seats/lock', { flight_id: flight, seats }),
      ({ status }) => expect(status).toBe(201),
    );
    const { body: resold } = await other.book(flight);
    expect((await other.pay(resold.booking_id, resold.amount_due)).status).toBe(201);
    await captureLate(id);
    await eventually(
      () => customer.payments(id),
      (payments) =>
        expect(payments).toMatchObject([
          { status: 'REFUNDED', refunded_amount: due, refunds: [{ status: 'SUCCEEDED', amount: due }] },
        ]),
    );
    expect([await statusOf(customer, id), await statusOf(other, resold.booking_id)]).toEqual([
      expect.stringMatching(/EXPIRED|CANCELLED/),
      'CONFIRMED',
    ]);
    await eventually(
      () => customer.messages(id),
      (events) => expect(events).toContain('booking.payment_returned'),
    );
  });

  it('whose genuine webhooks are sent again, changed or claimed by others changes nothing by them', async () => {
    const [customer, flight] = await Promise.all([
      newCustomer(gatewayUrl),
      administrator.addFlight(NEAR_HOURS),
    ]);
    const { booking_id: id, amount_due: due } = await book(customer, flight);
    const sentBefore = webhooks.length;
    expect((await customer.pay(id, due, { payment_method: 'tok_declined' })).status).toBe(402);
    await eventually(
      () => Promise.resolve(webhooks.slice(sentBefore)),
      (sent) => expect(sent.map(({ text }) => JSON.parse(text).type)).toContain('payment.failed'),
    );
    const genuine = webhooks.slice(sentBefore).find(({ text }) => JSON.parse(text).type === 'payment.failed');
    if (genuine === undefined) throw new Error('The webhook has vanished.');
    const paymentsBefore = await customer.payments(id);
    const captured = genuine.text.replace('payment.failed', 'payment.captured');
    expect(await Promise.all(Array.from({ length: 5 }, () => deliver(genuine)))).toEqual(Array(5).fill(204));
    expect(await deliver({ ...genuine, text: captured })).toBe(401);
    expect(await deliver({ headers: { 'payment-signature': 't=1,v1=00' }, text: captured })).toBe(401);
    expect(await customer.payments(id)).toEqual(paymentsBefore);
    expect(paymentsBefore).toMatchObject([{ status: 'FAILED', refunded_amount: 0 }]);
  });

  it('and fails a refund for good leaves it stuck in sight until an operator has it tried again', async () => {
    const [customer, flight] = await Promise.all([
      newCustomer(gatewayUrl),
      administrator.addFlight(NEAR_HOURS),
    ]);
    const { booking, payment } = await bookAndPay(customer, flight, 1, {
      payment_method: 'tok_refund_fails',
    });
    const { body } = await customer.cancelAsQuoted(booking.booking_id);
    const { amount } = body.cancellation.refund;
    const path = `/api/payments/${payment.payment_id}`;
    const refunds = async (): Promise<Exchange['body'][]> => (await customer.api.get(path)).body.refunds;
    await eventually(refunds, (seen) =>
      expect(seen).toMatchObject([{ status: 'STUCK', amount, stuck_reason: expect.any(String) }]),
    );
    const stuck = async (): Promise<Exchange['body'][]> =>
      (await administrator.api.get('/api/payments/stuck-refunds')).body.refunds;
    expect(await stuck()).toMatchObject([{ payment_id: payment.payment_id, amount, status: 'STUCK' }]);
    expect((await customer.api.post(`${path}/retry`)).status).toBe(403);
    expect((await administrator.api.post(`${path}/retry`)).status).toBe(202);
    await eventually(refunds, (seen) => expect(seen).toMatchObject([{ status: 'SUCCEEDED', amount }]));
    expect(await stuck()).toEqual([]);
  });
});
