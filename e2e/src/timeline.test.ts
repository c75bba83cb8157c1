import { beforeAll, describe, expect, inject, it } from 'vitest';
import { signInAsAdministrator } from './api/administrator.js';
import type { Exchange } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { bookToTicket, eventually, type JourneyBooking } from './testing/journeys.js';

const gatewayUrl = inject('gatewayUrl');
const NEAR_HOURS = 100;
const MESSAGES = 3;

/** Services run beside one another, so only what causes something is sure to come before it. */
const CHAINS = [
  [
    ['seats.locked', 'customer'],
    ['booking.created', 'customer'],
    ['discount.held', 'booking-service: a new booking or a late payment takes the code'],
    ['seats.reserved', 'booking-service'],
    ['booking.priced', 'booking-service: seats and price are there'],
    ['payment.started', 'customer'],
    ['payment.captured', 'payment provider'],
    ['payment.reported', 'payment-service'],
    ['seats.sold', 'booking-service: the booking is paid'],
    ['booking.confirmed', 'payment-service'],
    ['ticket.issued', 'customer: the ticket of the paid booking was asked for'],
    ['booking.ticketed', 'ticket-service'],
    ['cancellation.quoted', 'customer'],
    ['booking.cancelled', 'customer: plans changed'],
  ],
  [
    ['payment.captured', 'payment provider'],
    ['webhook.received', 'payment provider'],
  ],
  [
    ['booking.confirmed', 'payment-service'],
    ['discount.redeemed', 'booking-service: the booking is paid'],
    ['discount.released', 'booking-service: the booking was cancelled'],
  ],
  [
    ['booking.cancelled', 'customer: plans changed'],
    ['seats.released', 'booking-service: the booking ended'],
  ],
  [
    ['booking.cancelled', 'customer: plans changed'],
    ['coupons.voided', 'booking-service: the booking was cancelled'],
    ['credit_note.issued', 'booking-service: the booking was cancelled'],
  ],
  [
    ['booking.cancelled', 'customer: plans changed'],
    ['refund.created', 'booking-service: You cancelled the booking.'],
    ['refund.succeeded', 'payment provider'],
  ],
  [
    ['message.queued', 'booking-service: booking.confirmed'],
    ['message.sent', 'notification-service'],
  ],
  [
    ['booking.cancelled', 'customer: plans changed'],
    ['message.queued', 'booking-service: booking.cancelled'],
  ],
] as const;

/** What happens once in a life, however often anybody is told of it. */
const ONCE = [
  'seats.locked',
  'seats.reserved',
  'seats.sold',
  'seats.released',
  'payment.captured',
  'discount.released',
  'ticket.issued',
  'invoice.issued',
  'credit_note.issued',
  'refund.created',
  'refund.succeeded',
];

describe('the timeline of a booking that was made, paid, ticketed and cancelled', () => {
  let customer: Customer;
  let booking: JourneyBooking;
  let entries: Exchange['body'][];
  let refund: number;

  const named = (event: string): Exchange['body'][] => entries.filter((entry) => entry.event === event);

  beforeAll(async () => {
    const administrator = await signInAsAdministrator(gatewayUrl, inject('admin'));
    const [flight, code] = await Promise.all([
      administrator.addFlight(NEAR_HOURS),
      administrator.addDiscount(300),
    ]);
    customer = await newCustomer(gatewayUrl);
    ({ booking } = await bookToTicket(customer, flight, 2, { discount_code: code }));
    // A booking that is cancelled sooner gives back a use that it never redeemed.
    await eventually(
      async () => (entries = await customer.timeline(booking.booking_id)),
      () => expect(named('discount.redeemed')).toHaveLength(1),
    );
    const { body: quote } = await customer.quoteCancellation(booking.booking_id);
    const wish = { quote_id: quote.quote_id, reason: 'plans changed' };
    refund = (await customer.cancel(booking.booking_id, wish)).body.cancellation.refund.amount;
    const isOver = (): boolean =>
      named('message.sent').length === MESSAGES &&
      [
        'webhook.received',
        'refund.succeeded',
        'discount.released',
        'seats.released',
        'credit_note.issued',
      ].every((event) => named(event).length > 0);
    await eventually(
      async () => {
        entries = await customer.timeline(booking.booking_id);
        return isOver();
      },
      (value) => expect(value).toBe(true),
    );
  });

  it.each(CHAINS.map((chain) => [chain.map(([event]) => event).join(', '), chain] as const))(
    'tells in this order, with its cause: %s',
    (_events, chain) => {
      const rest = entries.map(({ event, cause }) => `${event} by ${cause}`);
      for (const [event, cause] of chain) {
        const at = rest.indexOf(`${event} by ${cause}`);
        expect(at, `${event} by ${cause} comes, and after what it follows`).toBeGreaterThanOrEqual(0);
        rest.splice(0, at + 1);
      }
    },
  );

  it.each(ONCE)('tells of %s once', (event) => {
    expect(named(event)).toHaveLength(1);
  });

  it('is in the order of time', () => {
    const times = entries.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('says for people which seats, how much and which documents', async () => {
    const seats = booking.seats.map(({ seat_number }) => seat_number).join(', ');
    const inWords = (amount: number): string =>
      new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR' }).format(amount);
    const { body } = await customer.booking(booking.booking_id);
    expect(named('seats.locked')[0].detail).toContain(seats);
    expect(named('booking.priced')[0].detail).toContain(inWords(booking.amount_due));
    expect(named('payment.captured')[0].detail).toContain(inWords(booking.amount_due));
    expect(named('refund.succeeded')[0].detail).toContain(inWords(refund));
    expect(named('credit_note.issued')[0].detail).toContain(inWords(refund));
    expect(named('booking.ticketed')[0].detail).toContain(String(body.ticket_id));
  });

  it('leaves no service out', () => {
    const services = new Set(entries.map(({ service }) => service));
    expect(services).toEqual(new Set(['booking', 'discount', 'notification', 'payment', 'seat', 'ticket']));
  });

  it('is shown to an administrator as well, and to no other customer', async () => {
    const path = `/api/bookings/${booking.booking_id}/timeline`;
    const administrator = await signInAsAdministrator(gatewayUrl, inject('admin'));
    // A webhook about the refund may have come since.
    expect((await administrator.api.get(path)).body.entries).toEqual(expect.arrayContaining(entries));
    expect((await (await newCustomer(gatewayUrl)).api.get(path)).status).toBe(404);
  });
});
