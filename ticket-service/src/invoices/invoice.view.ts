import { paiseToMoney, percentOf, sumPaise } from '@flight-booking/contracts';
import type { z } from 'zod';
import { amountInWords } from './amount-in-words.js';
import type { CreditNote, CreditNoteOccasion, Invoice, InvoiceSupply } from './invoice.js';
import type {
  creditNoteAnswer,
  invoiceAnswer,
  invoiceCharge,
  invoiceSupplyAnswer,
} from './invoice.schemas.js';

const toSupplyView = (of: InvoiceSupply): z.input<typeof invoiceSupplyAnswer> => ({
  flight_id: of.flight_id,
  description: of.description,
  service_accounting_code: of.service_accounting_code,
  passengers: of.passengers,
  charges: of.charges.map(toChargeView),
  taxable_value: paiseToMoney(of.taxable_paise),
  taxes: of.taxes.map((tax) => ({
    rate: percentOf(tax.rate),
    cgst: paiseToMoney(tax.cgst_paise),
    state_tax: paiseToMoney(tax.state_tax_paise),
    igst: paiseToMoney(tax.igst_paise),
  })),
  pass_through: of.pass_through.map(toChargeView),
  total: paiseToMoney(of.total_paise),
});

const toChargeView = (line: {
  description: string;
  amount_paise: number;
}): z.input<typeof invoiceCharge> => ({
  description: line.description,
  amount: paiseToMoney(line.amount_paise),
});

/** What the document of a credit note is called below its invoice. */
export const CREDIT_NOTE_DOCUMENTS: Readonly<Record<CreditNoteOccasion, string>> = {
  cancellation: 'credit-note',
  returned_fee: 'fee-credit-note',
};

const toCreditNoteView = (
  invoiceId: number,
  { creditNoteNumber, occasion, issuedAt, content }: CreditNote,
): z.input<typeof creditNoteAnswer> => ({
  credit_note_number: creditNoteNumber,
  credit_note_url: `/api/invoices/${invoiceId}/${CREDIT_NOTE_DOCUMENTS[occasion]}.pdf`,
  issued_at: issuedAt.toISOString(),
  supplies: content.supplies.map(toSupplyView),
  total: paiseToMoney(content.totals.total_paise),
  kept: content.kept.map(toChargeView),
  total_kept: paiseToMoney(sumPaise(content.kept.map((line) => line.amount_paise))),
});

/** An invoice as `GET /api/invoices/:id` answers it. */
export function toInvoiceView(invoice: Invoice): z.input<typeof invoiceAnswer> {
  const { cancellation, returned_fee: returnedFee } = invoice.creditNotes;
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
    supplies: supplies.map(toSupplyView),
    taxable_value: paiseToMoney(totals.taxable_paise),
    cgst: paiseToMoney(totals.cgst_paise),
    state_tax: paiseToMoney(totals.state_tax_paise),
    igst: paiseToMoney(totals.igst_paise),
    pass_through: paiseToMoney(totals.pass_through_paise),
    total: paiseToMoney(totals.total_paise),
    total_in_words: amountInWords(totals.total_paise),
    ...(cancellation !== undefined && {
      credit_note: toCreditNoteView(invoice.invoiceId, cancellation),
    }),
    ...(returnedFee !== undefined && {
      fee_credit_note: toCreditNoteView(invoice.invoiceId, returnedFee),
    }),
  };
}
