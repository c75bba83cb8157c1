import type { Answer } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPdf } from '../testing/read-pdf.js';
import { STRANGER, TicketServiceUnderTest } from '../testing/ticket-service-under-test.js';

const service = new TicketServiceUnderTest();
let issued: Answer['body'];

beforeAll(async () => {
  await service.start();
  const booking = service.book();
  issued = (await service.generate(booking.booking_id)).body;
  // What booking-service says later must not change what was issued.
  service.known.set(booking.booking_id, {
    ...booking,
    passengers: [{ name: 'Somebody Else' }],
    amount_due_paise: 1,
  });
});
afterAll(() => service.stop());

it('a ticket’s coupons carry what the gate needs', async () => {
  const { status, body } = await service.get(`/api/tickets/${issued.ticket_id}`);
  expect(status).toBe(200);
  expect(body).toMatchObject(issued);
  expect(body.coupons).toEqual([
    {
      ticket_number: issued.ticket_numbers[0],
      check_digit: Number(issued.ticket_numbers[0].slice(3)) % 7,
      coupon_number: 1,
      passenger_name: 'Ms Asha Sharma',
      flight_id: 7,
      flight_number: 'AI865',
      source: 'DEL',
      destination: 'BOM',
      departure_time: '2027-01-15T01:40:00Z',
      seat_number: '12A',
      cabin: 'economy',
      check_in_sequence: 1,
      status: 'OPEN',
      bcbp: expect.stringMatching(/^M1SHARMA\/ASHA MS {6}EK7M2QX DELBOMAI 0865 015Y012A0001 023>6/),
    },
  ]);
});

it('the ticket is a PDF document with the names and numbers of when it was issued', async () => {
  const { status, headers, body } = await service.get(issued.pdf_url);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/pdf');
  expect(headers.get('content-disposition')).toBe('inline; filename="e-ticket-K7M2QX.pdf"');
  expect(headers.get('cache-control')).toBe('private, no-store');
  const { text } = await readPdf(body);
  expect(text).toContain('K7M2QX');
  expect(text).toContain('SHARMA/ASHA MS');
  expect(text).toContain(`098-${issued.ticket_numbers[0].slice(3)}`);
  expect(text).toContain('Total paid ₹5,918.00');
});

it('the invoice is a PDF document and an answer with the same figures', async () => {
  const document = await service.get(issued.invoice_url);
  const { body } = await service.get(`/api/invoices/${issued.invoice_id}`);
  expect(document.headers.get('content-type')).toBe('application/pdf');
  expect(document.headers.get('content-disposition')).toMatch(
    /^inline; filename="invoice-FB-\d\d-\d\d-\d{7}\.pdf"$/,
  );
  expect(body).toMatchObject({
    ticket_id: issued.ticket_id,
    invoice_url: issued.invoice_url,
    taxable_value: { amount: 5_000, currency: 'INR' },
    cgst: { amount: 125 },
    state_tax: { amount: 125 },
    igst: { amount: 0 },
    total: { amount: 5_918 },
    total_in_words: 'Rupees Five Thousand Nine Hundred Eighteen Only',
  });
  const { text } = await readPdf(document.body);
  expect(text).toContain(body.invoice_number);
  expect(text).toContain('Total ₹5,918.00');
  expect(text).toContain('Asha Sharma');
});

it.each([
  '/api/tickets/:ticket',
  '/api/tickets/:ticket.pdf',
  '/api/invoices/:invoice',
  '/api/invoices/:invoice.pdf',
])('%s is for its owner and administrators alone', async (pattern) => {
  const path = pattern.replace(':ticket', issued.ticket_id).replace(':invoice', issued.invoice_id);
  const refused = await service.get(path, STRANGER);
  const absent = await service.get(path.replace(/\d+/, '999999'), STRANGER);
  expect([refused.status, absent.status]).toEqual([404, 404]);
  expect(refused.body.type).toBe(absent.body.type);
  expect((await service.get(path, { userId: 1, role: 'admin' })).status).toBe(200);
  expect((await service.get(path)).status).toBe(200);
});

it.each(['tickets', 'invoices'])(
  'an id of %s that is no positive whole number is refused',
  async (collection) => {
    for (const id of [
      'abc',
      '0',
      '-1',
      '1.5',
      '1e3',
      '99999999999999999',
      '%00',
      "1'--",
      '1.pdf.pdf',
      'x.pdf',
      '0.pdf',
    ]) {
      const { status, body } = await service.get(`/api/${collection}/${id}`);
      expect([id, status]).toEqual([id, 400]);
      expect(body.errors).toEqual([{ field: 'id', in: 'path', message: expect.any(String) }]);
    }
  },
);

it('work that is stuck is shown to administrators, and is not taken for a ticket', async () => {
  const stuck = await service.get('/api/tickets/stuck-jobs', { userId: 1, role: 'admin' });
  expect([stuck.status, stuck.body]).toEqual([200, { stuck_jobs: [], next_cursor: null }]);
  expect((await service.get('/api/tickets/stuck-jobs')).status).toBe(403);
});
