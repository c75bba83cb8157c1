import { id, money } from '@flight-booking/contracts';
import { z } from 'zod';
import { invoiceContent } from './invoice.js';

/** One line of a supply. */
export const invoiceCharge = z.strictObject({ description: z.string(), amount: money });

/** What was supplied on one flight. */
export const invoiceSupplyAnswer = z.strictObject({
  flight_id: id,
  description: z.string(),
  service_accounting_code: z.string(),
  passengers: z.int(),
  charges: z.array(invoiceCharge),
  taxable_value: money,
  taxes: z.array(
    z.strictObject({
      rate: z.number().meta({ description: 'Percent, both halves together' }),
      cgst: money,
      state_tax: money.meta({ description: 'SGST or UTGST' }),
      igst: money,
    }),
  ),
  pass_through: z.array(invoiceCharge),
  total: money,
});

/** What took an invoice back, whole or in part, when its booking was cancelled. */
export const creditNoteAnswer = z.strictObject({
  credit_note_number: z.string(),
  credit_note_url: z.string(),
  issued_at: z.iso.datetime(),
  supplies: z.array(invoiceSupplyAnswer).meta({ description: 'What comes back' }),
  total: money,
  kept: z.array(invoiceCharge).meta({ description: 'What the invoice charges that does not come back' }),
  total_kept: money,
});

/** `GET /api/invoices/:id`. */
export const invoiceAnswer = z.strictObject({
  invoice_id: id,
  invoice_number: z.string(),
  invoice_url: z.string(),
  ticket_id: id,
  booking_id: id,
  pnr: z.string(),
  issued_at: z.iso.datetime(),
  supplier: invoiceContent.shape.supplier,
  recipient: invoiceContent.shape.recipient,
  place_of_supply: invoiceContent.shape.place_of_supply,
  tax_split: invoiceContent.shape.tax_split,
  supplies: z.array(invoiceSupplyAnswer),
  taxable_value: money,
  cgst: money,
  state_tax: money,
  igst: money,
  pass_through: money,
  total: money,
  total_in_words: z.string(),
  credit_note: creditNoteAnswer.optional(),
  fee_credit_note: creditNoteAnswer
    .optional()
    .meta({ description: 'What takes back the cancellation fee that was kept at first' }),
});
