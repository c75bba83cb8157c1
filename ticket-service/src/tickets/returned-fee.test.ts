import type { RefundLine } from '@flight-booking/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPdf } from '../testing/read-pdf.js';
import { STRANGER, TicketServiceUnderTest } from '../testing/ticket-service-under-test.js';

const service = new TicketServiceUnderTest();
beforeAll(() => service.start());
afterAll(() => service.stop());

const KEPT_PAISE = 300_001;

/** The lines of a booking's price in which the cancellation keeps a part of the fare, and those that are kept. */
function split(bookingId: number): { readonly back: RefundLine[]; readonly kept: RefundLine[] } {
  const lines = service.linesOf(bookingId);
  const kept = lines
    .filter(({ kind }) => kind === 'base_fare')
    .map((l) => ({ ...l, amount_paise: KEPT_PAISE }));
  const back = lines.map((line) =>
    line.kind === 'base_fare' ? { ...line, amount_paise: line.amount_paise - KEPT_PAISE } : line,
  );
  return { back, kept };
}

/** A booking with a ticket. */
async function ticketed() {
  const { booking_id: bookingId } = service.book();
  const { body: issued } = await service.generate(bookingId);
  return { bookingId, invoiceId: issued.invoice_id as number, ...split(bookingId) };
}

const invoice = async (id: number) => (await service.get(`/api/invoices/${id}`)).body;

const notesOf = (invoiceId: number) =>
  service.db.rows<{ occasion: string; paise: number }>(
    'select occasion, total_paise as paise from credit_notes where invoice_id = $1 order by occasion',
    [invoiceId],
  );

const BOTH = [
  { occasion: 'cancellation', paise: 591_800 - KEPT_PAISE },
  { occasion: 'returned_fee', paise: KEPT_PAISE },
];

describe('a fee that is given back after a cancellation', () => {
  it('is taken off the invoice by a second credit note with a number of its own', async () => {
    const { bookingId, invoiceId, back, kept } = await ticketed();
    await service.cancelled(bookingId, back);
    expect((await service.feeReturned(bookingId, kept)).status).toBe(204);
    const {
      credit_note: first,
      fee_credit_note: second,
      total,
      invoice_number: number,
    } = await invoice(invoiceId);
    expect(first.total_kept).toEqual({ amount: KEPT_PAISE / 100, currency: 'INR' });
    expect(second).toMatchObject({
      credit_note_url: `/api/invoices/${invoiceId}/fee-credit-note.pdf`,
      total: { amount: KEPT_PAISE / 100 },
      kept: [],
      total_kept: { amount: 0 },
    });
    expect(Math.round((first.total.amount + second.total.amount) * 100)).toBe(Math.round(total.amount * 100));
    expect(second.credit_note_number).not.toBe(first.credit_note_number);
    const document = await service.get(second.credit_note_url);
    const { text } = await readPdf(document.body);
    expect(text).toContain(second.credit_note_number);
    expect(text).toContain(`takes back tax invoice ${number} in what its cancellation had kept`);
    expect((await service.get(second.credit_note_url, STRANGER)).status).toBe(404);
  });

  it('has one credit note however often and by how many at once it is told', async () => {
    const { bookingId, invoiceId, back, kept } = await ticketed();
    const told = Array.from({ length: 12 }, (_, i) =>
      i % 2 === 0 ? service.cancelled(bookingId, back) : service.feeReturned(bookingId, kept),
    );
    expect((await Promise.all(told)).map(({ status }) => status)).toEqual(Array(12).fill(204));
    expect(await notesOf(invoiceId)).toEqual(BOTH);
  });

  it('may be told before the cancellation', async () => {
    const { bookingId, invoiceId, back, kept } = await ticketed();
    await service.feeReturned(bookingId, kept);
    expect((await service.get(`/api/invoices/${invoiceId}/credit-note.pdf`)).body.type).toBe(
      'credit-note-not-found',
    );
    await service.cancelled(bookingId, back);
    expect(await notesOf(invoiceId)).toEqual(BOTH);
  });

  it('has no credit note while it is kept, which is not to say that nothing came back', async () => {
    const { bookingId, invoiceId, back } = await ticketed();
    await service.cancelled(bookingId, back);
    const { status, body } = await service.get(`/api/invoices/${invoiceId}/fee-credit-note.pdf`);
    expect([status, body]).toMatchObject([
      404,
      {
        type: 'credit-note-not-found',
        detail: `Invoice ${invoiceId} has no credit note over a returned fee: no cancellation fee of it was given back.`,
        occasion: 'returned_fee',
      },
    ]);
  });

  it('is told of in the timeline', async () => {
    const { bookingId, back, kept } = await ticketed();
    await service.cancelled(bookingId, back);
    await service.feeReturned(bookingId, kept);
    const { entries } = await service.timeline(bookingId);
    expect(entries.slice(-2)).toMatchObject([
      { event: 'credit_note.issued', cause: 'booking-service: the booking was cancelled' },
      { event: 'credit_note.issued', cause: 'booking-service: the cancellation fee was given back' },
    ]);
  });

  it('ends a booking that has no ticket yet, which then gets none', async () => {
    const { booking_id: bookingId } = service.book();
    expect((await service.feeReturned(bookingId, split(bookingId).kept)).status).toBe(204);
    expect((await service.generate(bookingId)).body.type).toBe('booking-cancelled');
  });

  it('is no more than the invoice has left', async () => {
    const { bookingId, invoiceId, kept } = await ticketed();
    await service.cancelled(bookingId);
    expect((await service.feeReturned(bookingId, kept)).status).toBe(500);
    expect(await notesOf(invoiceId)).toMatchObject([{ occasion: 'cancellation' }]);
    await expect(
      service.db.execute(
        `insert into credit_notes (invoice_id, occasion, invoice_total_paise, series, financial_year, sequence, issued_at,
           total_paise, content)
         select invoice_id, 'returned_fee', invoice_total_paise, 'XX', financial_year, 1, now(), total_paise, content
         from credit_notes where invoice_id = $1`,
        [invoiceId],
      ),
    ).rejects.toMatchObject({ constraint: 'credit_notes_within_invoice_together' });
  });
});
