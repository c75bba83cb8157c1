import { describe, expect, it } from 'vitest';
import { mumbaiToDubai } from '../testing/example-booking.js';
import { exampleInvoice } from '../testing/example-ticket.js';
import { readPdf } from '../testing/read-pdf.js';
import { renderInvoice } from './invoice-document.js';

describe('the invoice document', () => {
  it('prints what a tax invoice must say', async () => {
    const { text } = await readPdf(await renderInvoice(exampleInvoice()));
    for (const expected of [
      'FB/26-27/0000123',
      'GSTIN 07ZZZCZ0000Z1Z3',
      'Flight Booking Private Limited',
      '12 Runway Road',
      '10 Jan 2027',
      'Asha Sharma',
      'Delhi (07)',
      'Reverse charge',
      '996425',
      'Taxable value ₹5,000.00',
      'CGST 2.5 % ₹125.00',
      'SGST 2.5 % ₹125.00',
      'Total ₹5,918.00',
      'Rupees Five Thousand Nine Hundred Eighteen Only',
      'Authorised signatory',
    ]) {
      expect(text.toLowerCase()).toContain(expected.toLowerCase());
    }
  });

  it('names integrated tax alone where the journey starts in another state', async () => {
    const { text } = await readPdf(await renderInvoice(exampleInvoice({ flights: [mumbaiToDubai] })));
    expect(text).toContain('IGST 5 % ₹250.00');
    expect(text).not.toContain('CGST');
  });
});
