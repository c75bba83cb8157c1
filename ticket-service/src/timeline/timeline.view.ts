import { formatPaise, type TimelineFact } from '@flight-booking/contracts';
import type { CreditNoteOccasion } from '../invoices/invoice.js';
import type { DocumentHistory } from './timeline.repository.js';

/** What was issued for a booking, and what was taken back or may be yet. */
export const toTimelineFacts = (history: DocumentHistory): TimelineFact[] => [
  ...issuedFacts(history),
  ...cancelledFacts(history),
];

function issuedFacts(history: DocumentHistory): TimelineFact[] {
  const cause = 'customer: the ticket of the paid booking was asked for';
  return [
    {
      at: history.ticketIssuedAt,
      event: 'ticket.issued',
      detail: `Ticket numbers ${history.ticketNumbers.join(', ')} were issued.`,
      cause,
    },
    {
      at: history.invoiceIssuedAt,
      event: 'invoice.issued',
      detail: `Tax invoice ${history.invoiceNumber} over ${formatPaise(history.invoicePaise)} was issued.`,
      cause,
    },
  ];
}

/** Why an invoice was taken back. */
const CAUSES: Readonly<Record<CreditNoteOccasion, string>> = {
  cancellation: 'booking-service: the booking was cancelled',
  returned_fee: 'booking-service: the cancellation fee was given back',
};

function cancelledFacts({
  voidedAt,
  voidedCoupons,
  creditNotes,
  invoiceNumber,
}: DocumentHistory): TimelineFact[] {
  return [
    {
      at: voidedAt,
      event: 'coupons.voided',
      detail: `${voidedCoupons} ${voidedCoupons === 1 ? 'coupon is' : 'coupons are'} worth nothing any more.`,
      cause: CAUSES.cancellation,
    },
    ...creditNotes.map(({ number, occasion, issuedAt, paise }) => ({
      at: new Date(issuedAt),
      event: 'credit_note.issued',
      detail: `Credit note ${number} over ${formatPaise(paise)} was issued for tax invoice ${invoiceNumber}.`,
      cause: CAUSES[occasion],
    })),
  ];
}
