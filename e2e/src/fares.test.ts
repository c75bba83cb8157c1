import { beforeAll, describe, expect, inject, it } from 'vitest';
import { signInAsAdministrator, type Administrator } from './api/administrator.js';
import { withStatus, type Exchange } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { inPaise } from './testing/journeys.js';

const gatewayUrl = inject('gatewayUrl');
const CHEAPER = { base_fare: 4_500, fuel_surcharge: 500 };
const DEARER = { base_fare: 5_300, fuel_surcharge: 400 };
/** Far enough for flex to keep nothing, and too near for a look-in. */
const HOURS_AHEAD = 30;

let administrator: Administrator;

beforeAll(async () => {
  administrator = await signInAsAdministrator(gatewayUrl, inject('admin'));
});

const setFares = (flightId: number, economy: object): Promise<Exchange> =>
  administrator.api.request('PUT', `/api/flights/${flightId}/fares`, { body: { economy } });
const faresOf = async (customer: Customer, flightId: number): Promise<Exchange['body']> =>
  withStatus(await customer.api.get(`/api/flights/${flightId}`), 200).body.fares;
const inBrand = (fares: Exchange['body'], brand: string): Exchange['body'] =>
  fares.find((fare: { brand: string }) => fare.brand === brand);

describe.concurrent('fares', () => {
  it('in flex are charged as they were shown, stand on the invoice, and are cancelled by the rules of flex', async () => {
    const [customer, flight] = await Promise.all([
      newCustomer(gatewayUrl),
      administrator.addFlight(HOURS_AHEAD),
    ]);
    const shown = await faresOf(customer, flight);
    await customer.lock(flight);
    const { body: booking } = withStatus(
      await customer.book(flight, 1, { brand: 'flex', shown_fares: shown }),
      201,
    );
    expect([booking.brand, booking.amount_due]).toEqual(['flex', inBrand(shown, 'flex').total.amount]);
    withStatus(await customer.pay(booking.booking_id, booking.amount_due), 201);
    const { body: ticket } = withStatus(await customer.ticket(booking.booking_id), 201);
    const { body: invoice } = withStatus(await customer.api.get(`/api/invoices/${ticket.invoice_id}`), 200);
    expect(JSON.stringify(invoice)).toContain('Base fare, economy flex');
    const { body: quote } = withStatus(await customer.quoteCancellation(booking.booking_id), 200);
    expect(quote).toMatchObject({ rule: 'fee_before_departure', kept: { amount: 0 } });
    expect(quote.rule_in_words).toContain('0 % of the economy flex fare');
    const cancelled = await customer.cancel(booking.booking_id, { quote_id: quote.quote_id });
    expect(cancelled.body.cancellation.refund.amount).toBe(booking.amount_due);
  });

  it('that change while many book are charged as they were shown, or the difference is told and can be agreed to', async () => {
    const [flight, ...customers] = await Promise.all([
      administrator.addFlight(HOURS_AHEAD),
      ...Array.from({ length: 4 }, () => newCustomer(gatewayUrl)),
    ]);
    const [first] = customers as [Customer];
    const before = await faresOf(first, flight);
    let changing: Promise<Exchange> | undefined;
    const attempt = async (customer: Customer, index: number) => {
      const lock = withStatus(await customer.lock(flight), 201);
      if (index === 9) changing = setFares(flight, DEARER);
      const answer = await customer.book(flight, 1, { lock_id: lock.body.lock_id, shown_fares: before });
      return { customer, lockId: lock.body.lock_id, answer };
    };
    const attempts = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        attempt(customers[index % customers.length] as Customer, index),
      ),
    );
    withStatus((await changing) as Exchange, 200);
    const after = await faresOf(first, flight);
    for (const { customer, lockId, answer } of attempts) {
      const { status, body } = answer;
      if (status === 201) expectPrice(body, inBrand(before, 'saver'));
      else {
        expect([status, body.type]).toEqual([409, 'price-changed']);
        expect(body.differences[0]).toMatchObject({ item: 'total', difference: 735 });
        expect(body.offer.fares).toEqual([inBrand(after, 'saver')]);
        const agreed = { lock_id: lockId, brand: body.offer.brand, shown_fares: body.offer.fares };
        expectPrice(withStatus(await customer.book(flight, 1, agreed), 201).body, inBrand(after, 'saver'));
      }
    }
    // Whoever asks from now on with the old fares is refused.
    const late = withStatus(await first.lock(flight), 201);
    const refused = await first.book(flight, 1, { lock_id: late.body.lock_id, shown_fares: before });
    expect(refused.body.type).toBe('price-changed');
    expect((await setFares(flight, CHEAPER)).status).toBe(200);
    const asShown = { lock_id: late.body.lock_id, shown_fares: before };
    expectPrice(withStatus(await first.book(flight, 1, asShown), 201).body, inBrand(before, 'saver'));
  });
});

/** Every line is that of the fare that was shown, and they add up to its total. */
function expectPrice(booking: Exchange['body'], fare: Exchange['body']): void {
  expect(booking.amount_due).toBe(fare.total.amount);
  const lines = booking.price_lines.map(({ kind, amount }: { kind: string; amount: number }) => [
    kind,
    amount,
  ]);
  const { base_fare, fuel_surcharge, gst } = Object.fromEntries(lines) as Record<string, number>;
  expect([base_fare, fuel_surcharge, gst]).toEqual([
    fare.base_fare.amount,
    fare.fuel_surcharge.amount,
    fare.gst.amount,
  ]);
  const sum = lines.reduce((total: number, [, amount]: [string, number]) => total + inPaise(amount), 0);
  expect(sum).toBe(inPaise(fare.total.amount));
}
