import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawUpInvoice } from '../invoices/invoice.js';
import { exampleSupplier } from '../testing/example-ticket.js';
import { TicketServiceUnderTest } from '../testing/ticket-service-under-test.js';
import { TicketRepository } from './ticket.repository.js';
import { planCoupons } from './ticket.js';

const service = new TicketServiceUnderTest();
beforeAll(() => service.start());
afterAll(() => service.stop());

const queued = () => service.db.rows('select key from graphile_worker.jobs');

it('booking-service hears once of a ticket, and no job is left to say it again', async () => {
  const { booking_id: bookingId } = service.book();
  expect((await service.generate(bookingId)).status).toBe(201);
  expect(service.told(bookingId)).toHaveLength(1);
  expect(await queued()).toEqual([]);
});

it('a ticket stands although the job that would tell of it cannot be taken back', async () => {
  const { booking_id: bookingId } = service.book();
  await service.db.execute(`create function keep() returns trigger language plpgsql as
    'begin raise exception ''the database went away'' using errcode = ''57P01''; end'`);
  try {
    await service.db.execute(
      'create trigger keep before delete on graphile_worker._private_jobs execute function keep()',
    );
    expect((await service.generate(bookingId)).status).toBe(201);
  } finally {
    await service.db.execute('drop function keep cascade');
  }
  await expect.poll(() => service.told(bookingId)).toHaveLength(2);
  await expect.poll(queued).toEqual([]);
});

it('booking-service hears of a ticket although the process died right after the commit', async () => {
  const booking = service.book();
  const issuedAt = new Date();
  await new TicketRepository().issue(service.db, {
    booking,
    coupons: planCoupons(booking),
    accountingCode: '098',
    issuedAt,
    invoice: { series: 'FB', financialYear: '26-27', content: drawUpInvoice(booking, exampleSupplier) },
  });
  expect(await queued()).toEqual([{ key: `tell-booking:${booking.booking_id}` }]);
  await expect.poll(() => service.told(booking.booking_id).length).toBe(1);
  const { body } = await service.generate(booking.booking_id);
  expect(service.told(booking.booking_id)).toEqual([{ ticket_id: body.ticket_id }]);
});

it('booking-service hears of a ticket once it is back, also when this service was restarted meanwhile', async () => {
  const booking = service.book();
  let away = true;
  service.bookings.on('POST', '/internal/bookings/:id/ticketed', () =>
    away ? { status: 500 } : { body: {} },
  );
  const { status, body } = await service.generate(booking.booking_id);
  expect(status).toBe(201);
  await service.restart();
  away = false;
  const before = service.told(booking.booking_id).length;
  await expect.poll(() => service.told(booking.booking_id).length).toBeGreaterThan(before);
  expect(service.told(booking.booking_id).at(-1)).toEqual({ ticket_id: body.ticket_id });
  await expect.poll(queued).toEqual([]);
});
