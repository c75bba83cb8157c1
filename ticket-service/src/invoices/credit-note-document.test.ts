import { sumPaise } from '@flight-booking/contracts';
import { describe, expect, it } from 'vitest';
import { exampleBooking } from '../testing/example-booking.js';
import { exampleInvoice } from '../testing/example-ticket.js';
import { readPdf } from '../testing/read-pdf.js';
import { renderCreditNote } from './credit-note-document.js';
import { drawUpCreditNote, type Refund } from './credit-note.js';
import type { CreditNoteOccasion } from './invoice.js';

async function textOf(refund: Refund, occasion: CreditNoteOccasion = 'cancellation'): Promise<string> {
  const invoice = exampleInvoice();
  const content = drawUpCreditNote(
    occasion,
    { invoiceId: invoice.invoiceId, booking: exampleBooking(), content: invoice.content },
    refund,
  );
  const issuedAt = new Date('2027-01-11T05:00:00Z');
  const creditNote = { creditNoteNumber: 'FC/26-27/0000007', occasion, issuedAt, content };
  return (await readPdf(await renderCreditNote(invoice, creditNote))).text;
}

const { price_lines: lines } = exampleBooking();

describe('the credit note document', () => {
  it('names the invoice that it takes back and repeats its figures', async () => {
    const text = await textOf({ amountPaise: 591_800, lines });
    for (const expected of [
      'FC/26-27/0000007',
      'takes back tax invoice FB/26-27/0000123 in full',
      '11 Jan 2027',
      '10 Jan 2027',
      'GSTIN 07ZZZCZ0000Z1Z3',
      'Total ₹5,918.00',
    ]) {
      expect(text).toContain(expected);
    }
    expect(text).not.toContain('Kept');
  });

  it('says of a fee that was given back that nothing is kept any more', async () => {
    const fare = lines.filter((line) => line.kind === 'base_fare');
    const amountPaise = sumPaise(fare.map((line) => line.amount_paise));
    const text = await textOf({ amountPaise, lines: fare }, 'returned_fee');
    expect(text).toContain('takes back tax invoice FB/26-27/0000123 in what its cancellation had kept');
    expect(text).not.toContain('Kept');
  });

  it('says what comes back and what is kept, to the paisa', async () => {
    const returned = lines.map((line) =>
      line.kind === 'base_fare' ? { ...line, amount_paise: 149_999 } : line,
    );
    const text = await textOf({ amountPaise: 291_799, lines: returned });
    for (const expected of [
      'takes back tax invoice FB/26-27/0000123 in part',
      'Base fare ₹1,499.99',
      'CGST 2.5 % ₹125.00',
      'Total ₹2,917.99',
      'Fare and surcharges',
      'Kept of the ₹5,918.00 invoiced ₹3,000.01',
    ]) {
      expect(text).toContain(expected);
    }
  });
});
