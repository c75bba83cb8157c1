import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Exchange } from './api/api-client.js';
import { Customer, dateInDays, newCustomer } from './api/customer.js';
import { nonconformances } from './testing/conformance.js';

const gatewayUrl = inject('gatewayUrl');
const FLIGHT = 1;

describe('the booking journey through the gateway', () => {
  const exchanges: Exchange[] = [];
  const record = (exchange: Exchange): void => void exchanges.push(exchange);
  const customer = new Customer(gatewayUrl, record);

  beforeAll(async () => {
    expect((await customer.signUp()).status).toBe(201);
  });

  it("goes from search to ticket and invoice in the public contract's own steps", async () => {
    const search = await customer.search('DEL', 'BLR', dateInDays(10), '&passengers=2');
    expect(search.status).toBe(200);
    const direct = search.body.itineraries.find((itinerary: { stops: number }) => itinerary.stops === 0);
    expect(direct).toMatchObject({
      legs: [{ source: 'DEL', destination: 'BLR' }],
      layovers: [],
      price: { currency: 'INR' },
    });
    const flightId: number = direct.legs[0].flight_id;

    const lock = await customer.lock(flightId, 2);
    expect([lock.status, lock.body.seats.length, lock.body.user_id]).toEqual([201, 2, customer.userId]);

    const booking = await customer.book(flightId, 2);
    expect(booking.status).toBe(201);
    expect(booking.body).toMatchObject({
      status: 'PENDING',
      currency: 'INR',
      pnr: expect.stringMatching(/^[A-Z0-9]{6}$/),
    });
    expect(booking.body.amount_due).toBeCloseTo(direct.price.amount * 2, 2);
    const { booking_id: bookingId, amount_due: amountDue } = booking.body;

    const payment = await customer.pay(bookingId, amountDue);
    expect(payment.status).toBe(201);
    expect(payment.body).toMatchObject({
      status: 'SUCCEEDED',
      booking_id: bookingId,
      booking_status: 'CONFIRMED',
      amount: amountDue,
    });

    const ticket = await customer.ticket(bookingId);
    expect(ticket.status).toBe(201);
    expect(ticket.body).toMatchObject({ booking_id: bookingId, pnr: booking.body.pnr });
    expect(ticket.body.ticket_numbers).toHaveLength(2);
    const again = await customer.ticket(bookingId);
    expect([again.status, again.body]).toEqual([200, ticket.body]);

    for (const url of [ticket.body.pdf_url, ticket.body.invoice_url]) {
      const pdf = await customer.api.get(new URL(url, gatewayUrl).pathname);
      expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      expect(pdf.body.subarray(0, 5).toString()).toBe('%PDF-');
    }
    expect((await customer.api.get(`/api/bookings/${bookingId}`)).body.status).toBe('TICKETED');
    expect((await customer.api.get(`/api/payments/${payment.body.payment_id}`)).body.status).toBe(
      'SUCCEEDED',
    );
    expect((await customer.api.get(`/api/tickets/${ticket.body.ticket_id}`)).status).toBe(200);
    const map = await customer.api.get(`/api/seats/${flightId}`);
    expect(map.body.counts.sold).toBeGreaterThanOrEqual(2);
  });

  it('books an itinerary of two flights with a discount and named passengers', async () => {
    // Nobody flies from Amritsar to Mumbai directly, and three times a day the flights by Delhi connect.
    const search = await customer.search('ATQ', 'BOM', dateInDays(9), '&max_stops=1&passengers=2');
    expect(search.body.itineraries).not.toEqual([]);
    const [connection] = search.body.itineraries;
    expect(connection).toMatchObject({ stops: 1, layovers: [{ minutes: expect.any(Number) }] });
    const flightIds = connection.legs.map((leg: { flight_id: number }) => leg.flight_id);
    const lock = await customer.api.post('/api/seats/lock', { flight_ids: flightIds, num_seats: 2 });
    expect(lock.body.flights.map((flight: { flight_id: number }) => flight.flight_id)).toEqual(flightIds);
    const valid = await customer.api.post('/api/discounts/validate', { code: 'fly50', amount: 4000 });
    expect(valid.body).toMatchObject({ valid: true, code: 'FLY50', type: 'percent' });
    const booking = await customer.api.post('/api/bookings/create', {
      flight_ids: flightIds,
      num_seats: 2,
      lock_id: lock.body.lock_id,
      discount_code: 'FLY50',
      shown_fares: connection.legs.flatMap((leg: { fares: object[] }) => leg.fares),
      passengers: [
        { name: 'Zoë Müller', age: 30, email: 'zoe@example.com' },
        { name: 'José Álvarez', age: 8 },
      ],
    });
    expect(booking.status).toBe(201);
    const sum = booking.body.price_lines.reduce(
      (total: number, line: { amount: number }) => total + Math.round(line.amount * 100),
      0,
    );
    expect(sum).toBe(Math.round(booking.body.amount_due * 100));
    expect(booking.body.amount_due).toBeLessThan(connection.price.amount * 2);
    expect((await customer.pay(booking.body.booking_id, booking.body.amount_due)).status).toBe(201);
    expect((await customer.ticket(booking.body.booking_id)).body.ticket_numbers).toHaveLength(2);
  });

  it('confirms the booking to the customer by itself', async () => {
    await expect
      .poll(async () => (await customer.api.get('/api/notifications')).body)
      .toMatchObject({
        notifications: expect.arrayContaining([expect.objectContaining({ status: 'SENT' })]),
      });
    const sent = await customer.api.post('/api/notifications/send', {
      user_id: customer.userId,
      message: 'Seat 12A has a window.',
    });
    expect(sent.status).toBe(202);
  });

  it('refuses every step whose predecessor has not happened, and says which is missing', async () => {
    const early = await newCustomer(gatewayUrl, record);
    const unlocked = await early.book(FLIGHT, 1);
    expect([unlocked.status, unlocked.body.type, unlocked.body.missing_step]).toEqual([
      409,
      'seats-not-locked',
      'lock',
    ]);
    await early.lock(FLIGHT, 1);
    const { body: booking } = await early.book(FLIGHT, 1);
    const unpaid = await early.ticket(booking.booking_id);
    expect(unpaid.status).toBe(409);
    const wrong = await early.pay(booking.booking_id, booking.amount_due + 1);
    expect([wrong.status, wrong.body.type, wrong.body.amount_due]).toEqual([
      422,
      'amount-mismatch',
      booking.amount_due,
    ]);
    const declined = await early.pay(booking.booking_id, booking.amount_due, {
      payment_method: 'tok_declined',
    });
    expect(declined.status).toBe(402);
    expect((await early.pay(booking.booking_id, booking.amount_due)).status).toBe(201);
    expect((await early.pay(booking.booking_id, booking.amount_due)).status).toBe(409);
  });

  it('cancels a paid booking, frees its seats and gives the money back', async () => {
    const traveller = await newCustomer(gatewayUrl, record);
    const lock = await traveller.lock(FLIGHT, 2);
    const { body: booking } = await traveller.book(FLIGHT, 2);
    const { body: payment } = await traveller.pay(booking.booking_id, booking.amount_due);
    const quote = await traveller.quoteCancellation(booking.booking_id);
    expect(quote.body.kept.amount + quote.body.refund.amount).toBeCloseTo(booking.amount_due, 2);
    const cancelled = await traveller.cancel(booking.booking_id, { quote_id: quote.body.quote_id });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'CANCELLED']);
    await expect
      .poll(async () => (await traveller.api.get(`/api/payments/${payment.payment_id}`)).body)
      .toMatchObject({
        refunded_amount: quote.body.refund.amount,
        refunds: [{ status: 'SUCCEEDED', amount: quote.body.refund.amount }],
      });
    await expect
      .poll(
        async () =>
          (await traveller.api.post('/api/seats/lock', { flight_id: FLIGHT, seats: lock.body.seats })).status,
      )
      .toBe(201);
  });

  it('has answers that are as the API document says, every one of them', () => {
    expect(exchanges.length).toBeGreaterThan(30);
    expect(exchanges.flatMap(nonconformances)).toEqual([]);
  });
});
