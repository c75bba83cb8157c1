import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPdf } from '../testing/read-pdf.js';
import { STRANGER, TicketServiceUnderTest } from '../testing/ticket-service-under-test.js';
import { TicketRepository } from './ticket.repository.js';

const service = new TicketServiceUnderTest();
beforeAll(() => service.start());
afterAll(() => service.stop());

/** Issues a ticket and cancels its booking. */
async function issueAndCancel() {
  const { booking_id: bookingId } = service.book();
  const { body: issued } = await service.generate(bookingId);
  expect((await service.cancelled(bookingId)).status).toBe(204);
  return { bookingId, issued };
}

async function openCoupons(bookingId: number): Promise<number> {
  const { open } = await service.db.row<{ open: number }>(
    `select count(*) as open from coupons join ticket_numbers using (ticket_number) join tickets using (ticket_id)
     where booking_id = $1 and status = 'OPEN'`,
    [bookingId],
  );
  return open;
}

const creditNotes = (): Promise<{ sequence: number }[]> =>
  service.db.rows('select sequence from credit_notes order by sequence');

describe('when a booking is cancelled, its ticket', () => {
  it('has refunded coupons without a barcode, and says when it was cancelled', async () => {
    const { issued } = await issueAndCancel();
    const { status, body } = await service.get(`/api/tickets/${issued.ticket_id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...issued, cancelled_at: expect.any(String) });
    expect(body.coupons).toMatchObject([{ status: 'REFUNDED', seat_number: '12A' }]);
    expect(body.coupons[0]).not.toHaveProperty('bcbp');
  });

  it('prints that it is cancelled', async () => {
    const { issued } = await issueAndCancel();
    const { text } = await readPdf((await service.get(issued.pdf_url)).body);
    expect(text).toContain('CANCELLED');
    expect(text).toContain('Nobody may travel with this ticket');
    expect(text).toContain('REFUNDED');
  });

  it('is not handed out again', async () => {
    const { bookingId } = await issueAndCancel();
    const { status, body } = await service.generate(bookingId);
    expect([status, body.type, body.booking_id]).toEqual([409, 'booking-cancelled', bookingId]);
    expect((await service.generate(bookingId, STRANGER)).status).toBe(404);
  });

  it('is not issued when the event comes first, although booking-service still calls the booking paid', async () => {
    const { booking_id: bookingId } = service.book();
    await service.cancelled(bookingId);
    const { status, body } = await service.generate(bookingId);
    expect([status, body.type]).toEqual([409, 'booking-cancelled']);
    expect(await openCoupons(bookingId)).toBe(0);
  });

  it('has no open coupon however issuing and cancelling meet', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { booking_id: bookingId } = service.book();
      const [generated, event] = await Promise.all([
        service.generate(bookingId),
        service.cancelled(bookingId),
      ]);
      expect([201, 409]).toContain(generated.status);
      expect(event.status).toBe(204);
      expect(await openCoupons(bookingId)).toBe(0);
    }
  });

  it('has no open coupon when the event comes while the ticket is being committed', async () => {
    const { booking_id: bookingId } = service.book();
    await service.db.execute(`
      create function wait_here() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock(4711); return new; end $$`);
    await service.db.execute(
      'create trigger wait_here before insert on coupons for each row execute function wait_here()',
    );
    const { answers } = await service.db.transaction(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(4711)');
      const generating = service.generate(bookingId);
      await untilWaiting(1);
      const cancelling = service.cancelled(bookingId);
      await untilWaiting(2);
      return { answers: Promise.all([generating, cancelling]) };
    });
    const [generated, event] = await answers;
    await service.db.execute('drop trigger wait_here on coupons');
    expect([201, 409]).toContain(generated.status);
    expect(event.status).toBe(204);
    expect(await openCoupons(bookingId)).toBe(0);
    expect((await service.db.row<{ count: number }>(issuedFor, [bookingId])).count).toBe(1);
  });

  it('is not issued when it is asked for while the event is being committed', async () => {
    const { booking_id: bookingId } = service.book();
    const { generating } = await service.db.transaction(async (tx) => {
      await new TicketRepository().markCancelled(tx, bookingId, new Date());
      const generating = service.generate(bookingId);
      await untilWaiting(1);
      return { generating };
    });
    const { status, body } = await generating;
    expect([status, body.type]).toEqual([409, 'booking-cancelled']);
    expect((await service.db.row<{ count: number }>(issuedFor, [bookingId])).count).toBe(0);
  });

  it('stays refunded: the database refuses to open a coupon again', async () => {
    const { issued } = await issueAndCancel();
    await expect(
      service.db.execute(`update coupons set status = 'OPEN' where ticket_number = $1`, [
        issued.ticket_numbers[0],
      ]),
    ).rejects.toMatchObject({ constraint: 'coupons_only_open_ones_change' });
  });
});

describe('the invoice of a cancelled booking', () => {
  it('is taken back by one credit note, however often the booking is cancelled', async () => {
    const { bookingId, issued } = await issueAndCancel();
    const before = await creditNotes();
    await Promise.all([service.cancelled(bookingId), service.cancelled(bookingId)]);
    expect(await creditNotes()).toEqual(before);
    const { body } = await service.get(`/api/invoices/${issued.invoice_id}`);
    expect(body.credit_note).toEqual({
      credit_note_number: expect.stringMatching(/^FC\/\d\d-\d\d\/\d{7}$/),
      credit_note_url: `/api/invoices/${issued.invoice_id}/credit-note.pdf`,
      issued_at: expect.any(String),
      supplies: body.supplies,
      total: body.total,
      kept: [],
      total_kept: { amount: 0, currency: 'INR' },
    });
    const document = await service.get(body.credit_note.credit_note_url);
    expect(document.headers.get('content-disposition')).toMatch(
      /^inline; filename="credit-note-FC-\d\d-\d\d-\d{7}\.pdf"$/,
    );
    const { text } = await readPdf(document.body);
    expect(text).toContain(body.credit_note.credit_note_number);
    expect(text).toContain(`takes back tax invoice ${body.invoice_number} in full`);
    expect(text).toContain('Total ₹5,918.00');
  });

  it('is taken back by exactly the lines that are refunded, and says what is kept', async () => {
    const { booking_id: bookingId } = service.book();
    const { body: issued } = await service.generate(bookingId);
    const lines = service
      .linesOf(bookingId)
      .map((line) => (line.kind === 'base_fare' ? { ...line, amount_paise: 149_999 } : line));
    expect((await service.cancelled(bookingId, lines)).status).toBe(204);
    const { body } = await service.get(`/api/invoices/${issued.invoice_id}`);
    expect(body.credit_note).toMatchObject({
      total: { amount: 2_917.99 },
      kept: [{ amount: { amount: 3_000.01 } }],
      total_kept: { amount: 3_000.01 },
    });
    expect(body.credit_note.supplies).toMatchObject([
      {
        charges: [{ amount: { amount: 1_499.99 } }, { amount: { amount: 500 } }],
        total: { amount: 2_917.99 },
      },
    ]);
    const { text } = await readPdf((await service.get(body.credit_note.credit_note_url)).body);
    expect(text).toContain(`takes back tax invoice ${body.invoice_number} in part`);
    expect(text).toContain('Total ₹2,917.99');
    expect(await openCoupons(bookingId)).toBe(0);
  });

  it('stands when nothing of it comes back, and the coupons are void all the same', async () => {
    const { booking_id: bookingId } = service.book();
    const { body: issued } = await service.generate(bookingId);
    const before = await creditNotes();
    expect((await service.cancelled(bookingId, [])).status).toBe(204);
    expect(await creditNotes()).toEqual(before);
    expect(await openCoupons(bookingId)).toBe(0);
    const absent = await service.get(`/api/invoices/${issued.invoice_id}/credit-note.pdf`);
    expect([absent.status, absent.body.type]).toEqual([404, 'credit-note-not-found']);
  });

  it('is left alone with its coupons by a refund that is not made of its lines', async () => {
    const { booking_id: bookingId } = service.book();
    await service.generate(bookingId);
    const before = await creditNotes();
    const lines = service
      .linesOf(bookingId)
      .map((line) => (line.kind === 'base_fare' ? { ...line, amount_paise: line.amount_paise + 1 } : line));
    expect((await service.cancelled(bookingId, lines)).status).toBe(500);
    expect(await creditNotes()).toEqual(before);
    expect(await openCoupons(bookingId)).toBe(1);
    expect((await service.cancelled(bookingId)).status).toBe(204);
    expect(await openCoupons(bookingId)).toBe(0);
  });

  it('has a credit note whose number nobody burnt although some failed half-way', async () => {
    await service.db.execute(`
      create function refuse_pnr() returns trigger language plpgsql as $$
      begin
        if (select pnr from tickets join invoices using (ticket_id) where invoice_id = new.invoice_id) = 'ZZZZZZ'
        then raise exception 'the disk is full'; end if;
        return new;
      end $$`);
    await service.db.execute(
      'create trigger refuse_pnr after insert on credit_notes for each row execute function refuse_pnr()',
    );
    const bookings = Array.from({ length: 20 }, (_, index) =>
      service.book(index % 4 === 0 ? { pnr: 'ZZZZZZ' } : {}),
    );
    await Promise.all(bookings.map(({ booking_id: bookingId }) => service.generate(bookingId)));
    const answers = await Promise.all(
      bookings.map(({ booking_id: bookingId }) => service.cancelled(bookingId)),
    );
    expect(answers.filter(({ status }) => status === 500)).toHaveLength(5);
    await service.db.execute('drop trigger refuse_pnr on credit_notes');
    await Promise.all(bookings.map(({ booking_id: bookingId }) => service.cancelled(bookingId)));
    const sequences = (await creditNotes()).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });

  it.each(['invoices', 'credit_notes'])('cannot be rewritten: %s never change', async (table) => {
    await issueAndCancel();
    for (const statement of [`update ${table} set total_paise = 1`, `delete from ${table}`])
      await expect(service.db.execute(statement)).rejects.toMatchObject({
        constraint: `${table}_never_change`,
      });
  });

  it('is numbered without gaps when many are cancelled at once', async () => {
    const bookings = Array.from({ length: 20 }, () => service.book());
    await Promise.all(bookings.map(({ booking_id: bookingId }) => service.generate(bookingId)));
    await Promise.all(bookings.map(({ booking_id: bookingId }) => service.cancelled(bookingId)));
    const sequences = (await creditNotes()).map(({ sequence }) => sequence);
    expect(sequences.length).toBeGreaterThanOrEqual(20);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });

  it('has no credit note while the booking stands, nor for a stranger', async () => {
    const { body: standing } = await service.generate(service.book().booking_id);
    const absent = await service.get(`/api/invoices/${standing.invoice_id}/credit-note.pdf`);
    expect([absent.status, absent.body.type]).toEqual([404, 'credit-note-not-found']);
    const { issued } = await issueAndCancel();
    const refused = await service.get(`/api/invoices/${issued.invoice_id}/credit-note.pdf`, STRANGER);
    expect([refused.status, refused.body.type]).toEqual([404, 'invoice-not-found']);
  });
});

describe('the timeline of a booking', () => {
  it('tells what was issued and what was taken back, the oldest first', async () => {
    const { bookingId, issued } = await issueAndCancel();
    const { body: invoice } = await service.get(`/api/invoices/${issued.invoice_id}`);
    const { entries } = await service.timeline(bookingId);
    expect(entries.map(({ event, detail }: { event: string; detail: string }) => [event, detail])).toEqual([
      ['ticket.issued', `Ticket numbers ${issued.ticket_numbers[0]} were issued.`],
      ['invoice.issued', `Tax invoice ${invoice.invoice_number} over ₹5,918.00 was issued.`],
      ['coupons.voided', '1 coupon is worth nothing any more.'],
      [
        'credit_note.issued',
        `Credit note ${invoice.credit_note.credit_note_number} over ₹5,918.00 was issued for tax invoice ${invoice.invoice_number}.`,
      ],
    ]);
    const times = entries.map(({ at }: { at: string }) => at);
    expect(times).toEqual(times.toSorted());
    expect(times[0]).toBe(invoice.issued_at);
  });

  it('ends with the invoice while the booking stands, and is empty for a booking without a ticket', async () => {
    const { booking_id: bookingId } = service.book();
    await service.generate(bookingId);
    expect((await service.timeline(bookingId)).entries).toHaveLength(2);
    expect(await service.timeline(987_654)).toEqual({ entries: [] });
  });
});

const issuedFor = 'select count(*) as count from tickets where booking_id = $1';

/** Waits until so many statements wait for a lock. */
const untilWaiting = (count: number): Promise<void> =>
  expect
    .poll(async () => {
      const { waiting } = await service.db.row<{ waiting: number }>(
        `select count(*) as waiting from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`,
      );
      return waiting;
    })
    .toBeGreaterThanOrEqual(count);
