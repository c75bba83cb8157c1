import type { BookingDetail } from '@flight-booking/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { delhiToMumbai, mumbaiToDubai } from '../testing/example-booking.js';
import { STRANGER, TicketServiceUnderTest, problem } from '../testing/ticket-service-under-test.js';

const service = new TicketServiceUnderTest();
beforeAll(() => service.start());
afterAll(() => service.stop());
beforeEach(() => {
  service.bookings.requests.length = 0;
});

describe('a ticket is issued', () => {
  it('with a number for every passenger, a coupon for every flight and an invoice, and the booking hears of it', async () => {
    const booking = service.book({
      flights: [delhiToMumbai, mumbaiToDubai],
      passengers: [{ name: 'Asha Sharma' }, { name: 'Ravi Iyer' }],
    });
    const { status, body } = await service.generate(booking.booking_id);
    expect(status).toBe(201);
    expect(body).toEqual({
      ticket_id: expect.any(Number),
      booking_id: booking.booking_id,
      pnr: 'K7M2QX',
      ticket_numbers: [expect.stringMatching(/^098\d{10}$/), expect.stringMatching(/^098\d{10}$/)],
      pdf_url: `/api/tickets/${body.ticket_id}.pdf`,
      invoice_id: expect.any(Number),
      invoice_url: `/api/invoices/${body.invoice_id}.pdf`,
    });
    const [first, second] = body.ticket_numbers.map(Number);
    expect(second).toBe(first + 1);
    expect(service.told(booking.booking_id)).toEqual([{ ticket_id: body.ticket_id }]);
    const ticket = await service.get(`/api/tickets/${body.ticket_id}`);
    expect(ticket.body).toMatchObject(body);
    expect(
      ticket.body.coupons.map((coupon: any) => [coupon.passenger_name, coupon.flight_number, coupon.status]),
    ).toEqual([
      ['Asha Sharma', 'AI865', 'OPEN'],
      ['Asha Sharma', '6E1451', 'OPEN'],
      ['Ravi Iyer', 'AI865', 'OPEN'],
      ['Ravi Iyer', '6E1451', 'OPEN'],
    ]);
  });

  it('once: asked again, the answer is the same with status 200 and nothing more is numbered', async () => {
    const booking = service.book();
    const first = await service.generate(booking.booking_id);
    const again = await service.generate(booking.booking_id);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(await lastInvoiceNumber()).toBe(await invoiceCount());
  });

  it('once, however many ask at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { booking_id: bookingId } = service.book();
      const answers = await Promise.all(Array.from({ length: 5 }, () => service.generate(bookingId)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    }
    expect(await lastInvoiceNumber()).toBe(await invoiceCount());
  });

  it('again for a booking that already calls itself ticketed, as after a lost database', async () => {
    const booking = service.book({ status: 'TICKETED', ticket_id: 4_711 });
    expect((await service.generate(booking.booking_id)).status).toBe(201);
  });

  it('although booking-service cannot be told at once', async () => {
    const booking = service.book();
    service.bookings.on('POST', `/internal/bookings/${booking.booking_id}/ticketed`, () => ({ status: 500 }));
    expect((await service.generate(booking.booking_id)).status).toBe(201);
  });
});

describe('no ticket is issued', () => {
  it.each(['CREATED', 'PENDING'] as const)(
    'for a booking that is %s, and the answer says to pay',
    async (status) => {
      const booking = service.book({ status });
      const answer = await service.generate(booking.booking_id);
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({
        type: 'booking-not-paid',
        booking_id: booking.booking_id,
        missing_step: 'pay',
        booking_status: status,
        amount_due: 5_918,
        currency: 'INR',
      });
      expect(answer.body.detail).toContain('/api/payments/initiate');
    },
  );

  it.each([
    ['EXPIRED', 410, 'booking-expired'],
    ['CANCELLED', 409, 'booking-cancelled'],
  ] as const)('for a booking that is %s', async (bookingStatus, status, type) => {
    const answer = await service.generate(service.book({ status: bookingStatus }).booking_id);
    expect(answer.status).toBe(status);
    expect(answer.body.type).toBe(type);
  });

  it('for somebody else’s booking, which is answered like one that there is not', async () => {
    const unpaid = service.book({ status: 'PENDING' }).booking_id;
    const issued = service.book().booking_id;
    await service.generate(issued);
    for (const bookingId of [unpaid, issued, 999_999]) {
      const answer = await service.generate(bookingId, STRANGER);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({
        type: 'booking-not-found',
        detail: `You have no booking ${bookingId}.`,
      });
    }
  });

  it('when the price does not add up, and no invoice number is used up', async () => {
    const before = await lastInvoiceNumber();
    const answer = await service.generate(service.book({ amount_due_paise: 1 }).booking_id);
    expect(answer.status).toBe(500);
    expect(await lastInvoiceNumber()).toBe(before);
  });

  it.each([undefined, null, 0, -1, 1.5, '7', 1e30, [7], { $gt: 0 }])(
    'for the booking id %j',
    async (bookingId) => {
      const answer = await service.generate(bookingId);
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toEqual([{ field: 'booking_id', in: 'body', message: expect.any(String) }]);
      // Jobs of the tests before may still tell booking-service of their tickets.
      expect(service.bookings.requests.filter(({ method }) => method === 'GET')).toEqual([]);
    },
  );

  it('when booking-service refuses for a reason that says nothing of the booking', async () => {
    const { booking_id: bookingId } = service.book();
    service.bookings.on('GET', `/internal/bookings/${bookingId}`, () => problem(404, 'route-not-found'));
    expect((await service.generate(bookingId)).status).toBe(500);
  });

  it('while booking-service is away', async () => {
    const booking = service.book();
    service.bookings.on('GET', `/internal/bookings/${booking.booking_id}`, () => ({ status: 503 }));
    const answer = await service.generate(booking.booking_id);
    expect(answer.status).toBe(503);
    expect(answer.body.type).toBe('upstream-unavailable');
  });
});

describe('invoice numbers', () => {
  it('have no gap and no double under fifty callers at once, of which some fail half-way', async () => {
    await service.db.execute(`
      create function refuse_row_99() returns trigger language plpgsql as
        $$ begin raise exception 'the disk is full'; end $$`);
    await service.db.execute(`
      create trigger refuse_row_99 before insert on coupons for each row
        when (new.seat_number like '99%') execute function refuse_row_99()`);
    const bookings = Array.from({ length: 50 }, (_, index) => service.book(index % 5 === 0 ? inRow99() : {}));
    const answers = await Promise.all(bookings.map((booking) => service.generate(booking.booking_id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(40);
    expect(answers.filter(({ status }) => status === 500)).toHaveLength(10);
    const issued = await service.db.rows<{ sequence: number; invoice_number: string }>(
      'select sequence, invoice_number from invoices order by issued_at, sequence',
    );
    const sequences = issued.map(({ sequence }) => sequence).sort((a, b) => a - b);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    for (const { invoice_number: number } of issued) expect(number).toMatch(/^FB\/\d\d-\d\d\/\d{7}$/);
    const numbers = answers.flatMap(({ body }) => body.ticket_numbers ?? []);
    expect(new Set(numbers).size).toBe(40);
  });

  it('begin anew with the financial year', async () => {
    await service.restart({ clock: { now: () => new Date('2031-03-31T18:29:59Z') } });
    const old = await invoiceNumberOf(service.book());
    await service.restart({ clock: { now: () => new Date('2031-03-31T18:30:00Z') } });
    const first = await invoiceNumberOf(service.book());
    expect([old, first]).toEqual(['FB/30-31/0000001', 'FB/31-32/0000001']);
  });
});

const inRow99 = (): Partial<BookingDetail> => ({
  seats: [{ flight_id: 7, seat_number: '99A', cabin: 'economy', passenger_index: 0 }],
});

async function invoiceNumberOf(booking: BookingDetail): Promise<string> {
  const { body } = await service.generate(booking.booking_id);
  return (await service.get(`/api/invoices/${body.invoice_id}`)).body.invoice_number;
}

async function lastInvoiceNumber(): Promise<number> {
  const row = await service.db.row<{ last: number | null }>(
    'select max(last_number) as last from document_counters',
  );
  return row.last ?? 0;
}

async function invoiceCount(): Promise<number> {
  return (await service.db.row<{ count: number }>('select count(*) as count from invoices')).count;
}
