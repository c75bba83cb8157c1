import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawUpInvoice } from '../invoices/invoice.js';
import { exampleSupplier } from '../testing/example-ticket.js';
import { TicketStack, eventually } from '../testing/ticket-stack.js';
import { TicketRepository } from './ticket.repository.js';
import { planCoupons } from './ticket.js';

const stack = new TicketStack();
beforeAll(() => stack.start());
afterAll(() => stack.stop());

it('booking-service hears of a ticket although the process died right after the commit', async () => {
  const booking = stack.book();
  const issuedAt = new Date();
  await new TicketRepository().issue(stack.db, {
    booking,
    coupons: planCoupons(booking),
    accountingCode: '098',
    issuedAt,
    invoice: { series: 'FB', financialYear: '26-27', content: drawUpInvoice(booking, exampleSupplier) },
  });
  await eventually(() => stack.told(booking.booking_id).length === 1);
  const { body } = await stack.generate(booking.booking_id);
  expect(stack.told(booking.booking_id)).toEqual([{ ticket_id: body.ticket_id }]);
});

it('booking-service hears of a ticket once it is back, also when this service was restarted meanwhile', async () => {
  const booking = stack.book();
  let away = true;
  stack.bookings.on('POST', '/internal/bookings/:id/ticketed', () => (away ? { status: 500 } : { body: {} }));
  const { status, body } = await stack.generate(booking.booking_id);
  expect(status).toBe(201);
  await stack.restart();
  away = false;
  const before = stack.told(booking.booking_id).length;
  await eventually(() => stack.told(booking.booking_id).length > before);
  expect(stack.told(booking.booking_id).at(-1)).toEqual({ ticket_id: body.ticket_id });
  await eventually(async () => (await stack.db.rows('select id from graphile_worker.jobs')).length === 0);
});
