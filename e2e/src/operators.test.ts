import { beforeAll, describe, expect, inject, it } from 'vitest';
import { signInAsAdministrator, type Administrator } from './api/administrator.js';
import { newCustomer } from './api/customer.js';
import { book, bookToTicket, eventually } from './testing/journeys.js';

const gatewayUrl = inject('gatewayUrl');
const NEAR_HOURS = 100;

describe('an operator', () => {
  let administrator: Administrator;
  let flight: number;

  beforeAll(async () => {
    administrator = await signInAsAdministrator(gatewayUrl, inject('admin'));
    flight = await administrator.addFlight(NEAR_HOURS);
  });

  it('gives everything back of a booking whose customer would have had to pay a fee', async () => {
    const customer = await newCustomer(gatewayUrl);
    const { booking } = await bookToTicket(customer, flight);
    const { booking_id: id, amount_due: due } = booking;
    const path = `/api/bookings/${id}/refund`;
    const refunded = await administrator.api.post(path, { reason: 'a fault of ours' });
    expect([refunded.status, refunded.body.cancellation]).toEqual([
      200,
      expect.objectContaining({
        cancelled_by: 'operator',
        reason: 'a fault of ours',
        refund: { amount: due, currency: 'INR' },
      }),
    ]);
    expect((await administrator.api.post(path, { reason: 'a fault of ours' })).status).toBe(200);
    await eventually(
      () => customer.payments(id),
      (payments) =>
        expect(payments).toMatchObject([
          { status: 'REFUNDED', refunded_amount: due, refunds: [{ amount: due }] },
        ]),
    );
    await eventually(
      () => customer.messages(id),
      (events) => expect(events.filter((event) => event === 'booking.cancelled')).toHaveLength(1),
    );
  });

  it('gives back once the fee of a booking that its customer cancelled, with a credit note and a message', async () => {
    const customer = await newCustomer(gatewayUrl);
    const { booking, ticket } = await bookToTicket(customer, flight);
    const { booking_id: id, amount_due: due } = booking;
    const { body: cancelled } = await customer.cancelAsQuoted(id);
    const { refund, kept } = cancelled.cancellation;
    expect(kept.amount).toBeGreaterThan(0);
    const path = `/api/bookings/${id}/refund`;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => administrator.api.post(path, { reason: 'goodwill' })),
    );
    for (const { status, body } of answers)
      expect([status, body.cancellation]).toMatchObject([
        200,
        { refund, kept: { amount: 0 }, returned_fee: { ...kept, reason: 'goodwill' } },
      ]);
    await eventually(
      () => customer.payments(id),
      (payments) =>
        expect(payments).toMatchObject([
          {
            status: 'REFUNDED',
            refunded_amount: due,
            refunds: [
              { amount: refund.amount, reason_code: 'cancelled' },
              { amount: kept.amount, reason_code: 'fee_returned' },
            ],
          },
        ]),
    );
    await eventually(
      async () => (await customer.api.get(`/api/invoices/${ticket.invoice_id}`)).body,
      (invoice) =>
        expect(invoice).toMatchObject({ credit_note: { total: refund }, fee_credit_note: { total: kept } }),
    );
    await eventually(
      () => customer.messages(id),
      (events) => expect(events.filter((event) => event === 'booking.fee_returned')).toHaveLength(1),
    );
    expect((await customer.timeline(id)).map(({ event }) => event)).toContain('fee.returned');
  });

  it('cannot give back what a customer has not paid, and nobody else may give back anything', async () => {
    const customer = await newCustomer(gatewayUrl);
    const unpaid = await book(customer, flight);
    const reason = 'goodwill';
    expect(
      (await administrator.api.post(`/api/bookings/${unpaid.booking_id}/refund`, { reason })).status,
    ).toBe(409);
    const { booking } = await bookToTicket(await newCustomer(gatewayUrl), flight);
    expect((await customer.api.post(`/api/bookings/${booking.booking_id}/refund`, { reason })).status).toBe(
      403,
    );
  });

  it('sees no stuck work while everything works, and may ask to try again all the same', async () => {
    const customer = await newCustomer(gatewayUrl);
    const { booking } = await bookToTicket(customer, flight);
    for (const prefix of ['flights', 'seats', 'bookings', 'payments', 'tickets', 'notifications'])
      expect([prefix, (await administrator.api.get(`/api/${prefix}/stuck-jobs`)).body]).toEqual([
        prefix,
        { stuck_jobs: [], next_cursor: null },
      ]);
    expect((await administrator.api.get('/api/bookings/stuck')).body.bookings).toEqual([]);
    const retried = await administrator.api.post(`/api/bookings/${booking.booking_id}/retry`);
    expect([retried.status, retried.body.retried]).toEqual([202, []]);
    expect((await customer.booking(booking.booking_id)).body).not.toHaveProperty('stuck');
  });
});
