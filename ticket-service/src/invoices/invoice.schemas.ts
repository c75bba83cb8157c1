import { id, money, paiseToMoney } from '@flight-booking/contracts';
import { z } from 'zod';
import { amountInWords } from './amount-in-words.js';
import { invoiceContent, type Invoice, type InvoiceSupply } from './invoice.js';

const charge = z.strictObject({ description: z.string(), amount: money });

const supply = z.strictObject({
  flight_id: id,
  description: z.string(),
  service_accounting_code: z.string(),
  passengers: z.int(),
  charges: z.array(charge),
  taxable_value: money,
  taxes: z.array(
    z.strictObject({
      rate: z.number().meta({ description: 'Percent, both halves together' }),
      cgst: money,
      state_tax: money.meta({ description: 'SGST or UTGST' }),
      igst: money,
    }),
  ),
  pass_through: z.array(charge),
  total: money,
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
  supplies: z.array(supply),
  taxable_value: money,
  cgst: money,
  state_tax: money,
  igst: money,
  pass_through: money,
  total: money,
  total_in_words: z.string(),
});

const BASIS_POINTS_PER_PERCENT = 100;

const toSupply = (of: InvoiceSupply): z.input<typeof supply> => ({
  flight_id: of.flight_id,
  description: of.description,
  service_accounting_code: of.service_accounting_code,
  passengers: of.passengers,
  charges: of.charges.map(toCharge),
  taxable_value: paiseToMoney(of.taxable_paise),
  taxes: of.taxes.map((tax) => ({
    rate: tax.rate / BASIS_POINTS_PER_PERCENT,
    cgst: paiseToMoney(tax.cgst_paise),
    state_tax: paiseToMoney(tax.state_tax_paise),
    igst: paiseToMoney(tax.igst_paise),
  })),
  pass_through: of.pass_through.map(toCharge),
  total: paiseToMoney(of.total_paise),
});

const toCharge = (line: { description: string; amount_paise: number }): z.input<typeof charge> => ({
  description: line.description,
  amount: paiseToMoney(line.amount_paise),
});

/** An invoice as `GET /api/invoices/:id` answers it. */
export function toInvoiceAnswer(invoice: Invoice): z.input<typeof invoiceAnswer> {
  const { pnr, supplier, recipient, place_of_supply, tax_split, supplies, totals } = invoice.content;
  return {
    invoice_id: invoice.invoiceId,
    invoice_number: invoice.invoiceNumber,
    invoice_url: `/api/invoices/${invoice.invoiceId}.pdf`,
    ticket_id: invoice.ticketId,
    booking_id: invoice.bookingId,
    pnr,
    issued_at: invoice.issuedAt.toISOString(),
    supplier,
    recipient,
    place_of_supply,
    tax_split,
    supplies: supplies.map(toSupply),
    taxable_value: paiseToMoney(totals.taxable_paise),
    cgst: paiseToMoney(totals.cgst_paise),
    state_tax: paiseToMoney(totals.state_tax_paise),
    igst: paiseToMoney(totals.igst_paise),
    pass_through: paiseToMoney(totals.pass_through_paise),
    total: paiseToMoney(totals.total_paise),
    total_in_words: amountInWords(totals.total_paise),
  };
}
