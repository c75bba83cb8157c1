import { formatPaise, type TimelineFact } from '@flight-booking/contracts';
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

function cancelledFacts(history: DocumentHistory): TimelineFact[] {
  const cause = 'booking-service: the booking was cancelled';
  const { voidedCoupons, creditNoteNumber, creditNotePaise, invoiceNumber } = history;
  return [
    {
      at: history.voidedAt,
      event: 'coupons.voided',
      detail: `${voidedCoupons} ${voidedCoupons === 1 ? 'coupon is' : 'coupons are'} worth nothing any more.`,
      cause,
    },
    {
      at: history.creditNoteIssuedAt,
      event: 'credit_note.issued',
      detail: `Credit note ${creditNoteNumber} over ${formatPaise(creditNotePaise ?? 0)} was issued for tax invoice ${invoiceNumber}.`,
      cause,
    },
  ];
}
