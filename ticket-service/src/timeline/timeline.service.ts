import { formatPaise, type TimelineEntry } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { DocumentHistory, TimelineRepository } from './timeline.repository.js';

/** An entry whose time is not text yet. */
type Fact = Omit<TimelineEntry, 'at'> & { readonly at: Date };

/** Tells what this service did for a booking. */
export class TimelineService {
  constructor(
    private readonly queries: Queries,
    private readonly timelines: TimelineRepository,
  ) {}

  /** The oldest first; nothing for a booking without a ticket. */
  async ofBooking(bookingId: number): Promise<TimelineEntry[]> {
    const history = await this.timelines.ofBooking(this.queries, bookingId);
    return (history === undefined ? [] : factsOf(history))
      .toSorted((a, b) => a.at.getTime() - b.at.getTime())
      .map((fact) => ({ ...fact, at: fact.at.toISOString() }));
  }
}

const factsOf = (history: DocumentHistory): Fact[] => [...issuedFacts(history), ...cancelledFacts(history)];

function issuedFacts(history: DocumentHistory): Fact[] {
  const cause = 'customer, who asked for the ticket of the paid booking';
  return [
    {
      at: history.ticketIssuedAt,
      event: 'ticket.issued',
      detail: `Ticket numbers ${history.ticketNumbers.join(', ')}`,
      cause,
    },
    {
      at: history.invoiceIssuedAt,
      event: 'invoice.issued',
      detail: `Tax invoice ${history.invoiceNumber} over ${formatPaise(history.invoicePaise)}`,
      cause,
    },
  ];
}

function cancelledFacts(history: DocumentHistory): Fact[] {
  const cause = 'booking-service, because the booking was cancelled';
  const { voidedAt, voidedCoupons, creditNoteNumber, creditNoteIssuedAt, creditNotePaise } = history;
  return [
    ...(voidedAt === null
      ? []
      : [
          {
            at: voidedAt,
            event: 'coupons.voided',
            detail: `${voidedCoupons} ${voidedCoupons === 1 ? 'coupon is' : 'coupons are'} worth nothing any more`,
            cause,
          },
        ]),
    ...(creditNoteIssuedAt === null
      ? []
      : [
          {
            at: creditNoteIssuedAt,
            event: 'credit_note.issued',
            detail: `Credit note ${creditNoteNumber} over ${formatPaise(creditNotePaise ?? 0)}, for tax invoice ${history.invoiceNumber}`,
            cause,
          },
        ]),
  ];
}
