import {
  type BookingDetail,
  type PriceLineDetail,
  type RefundLine,
  sumPaise,
} from '@flight-booking/contracts';
import {
  InvoiceMismatch,
  supplyOf,
  totalsOf,
  type CreditNoteContent,
  type CreditNoteOccasion,
  type InvoiceContent,
  type InvoiceSupply,
} from './invoice.js';

/** What comes back of a booking, and the lines that it is made of. */
export interface Refund {
  readonly amountPaise: number;
  readonly lines: readonly RefundLine[];
}

/** An invoice that nothing has taken back on the occasion at hand, with the booking that it was drawn up from. */
export interface StandingInvoice {
  readonly invoiceId: number;
  readonly content: InvoiceContent;
  readonly booking: BookingDetail;
}

/** The line of the price that comes back, which knows the tax rate that the refund does not tell. */
function pricedLineOf({ price_lines: lines }: BookingDetail, refunded: RefundLine): PriceLineDetail {
  const candidates = lines.filter(
    ({ flight_id: flightId, kind }) => flightId === refunded.flight_id && kind === refunded.kind,
  );
  const line = candidates.find(({ description }) => description === refunded.description) ?? candidates[0];
  if (line === undefined || refunded.amount_paise * line.amount_paise < 0)
    throw new InvoiceMismatch(
      `${refunded.amount_paise} paise for "${refunded.description}" on flight ${refunded.flight_id} were not charged`,
    );
  return { ...line, description: refunded.description, amount_paise: refunded.amount_paise };
}

/** Events of before cancellations could keep something name no lines; then all that was charged comes back. */
const pricedLinesOf = (booking: BookingDetail, { amountPaise, lines }: Refund): readonly PriceLineDetail[] =>
  lines.length === 0 && amountPaise === booking.amount_due_paise
    ? booking.price_lines
    : lines.map((line) => pricedLineOf(booking, line));

/** The parts of a supply that are kept or come back each for a reason of its own, in paise. */
const PARTS: Readonly<Record<string, (supply: InvoiceSupply) => number>> = {
  'Fare and surcharges': ({ taxable_paise: paise }) => paise,
  Tax: ({ taxes }) => sumPaise(taxes.map((tax) => tax.cgst_paise + tax.state_tax_paise + tax.igst_paise)),
  'Passed-on charges': ({ pass_through: charges }) => sumPaise(charges.map((line) => line.amount_paise)),
};

function keptOf(invoiced: InvoiceSupply, credited: InvoiceSupply | undefined): CreditNoteContent['kept'] {
  return Object.entries(PARTS).flatMap(([part, paiseOf]) => {
    const charged = paiseOf(invoiced);
    const returned = credited === undefined ? 0 : paiseOf(credited);
    if (returned < 0 || returned > charged)
      throw new InvoiceMismatch(
        `${returned} paise of "${part}" cannot come back of the ${charged} that were charged`,
      );
    return returned === charged
      ? []
      : [{ description: `${part} · ${invoiced.description}`, amount_paise: charged - returned }];
  });
}

/** Exactly the lines that come back, supply by supply as the invoice has them, and what it charges that is kept. */
function drawUpLines({ booking, content }: StandingInvoice, refund: Refund): CreditNoteContent {
  const lines = pricedLinesOf(booking, refund);
  const supplies = booking.flights.flatMap((flight) => {
    const ofFlight = lines.filter((line) => line.flight_id === flight.flight_id);
    return ofFlight.length === 0 ? [] : [supplyOf(booking, flight, ofFlight, content.tax_split)];
  });
  const creditOn = (flightId: number) => supplies.find((supply) => supply.flight_id === flightId);
  const kept = content.supplies.flatMap((supply) => keptOf(supply, creditOn(supply.flight_id)));
  const totals = totalsOf(supplies);
  if (totals.total_paise !== refund.amountPaise)
    throw new InvoiceMismatch(
      `The lines that come back of booking ${booking.booking_id} add up to ${totals.total_paise} paise, not to the ${refund.amountPaise} that are refunded`,
    );
  return { supplies, totals, kept };
}

/** How the content of a credit note is made on each occasion. */
const DRAW_UP: Readonly<
  Record<CreditNoteOccasion, (invoice: StandingInvoice, refund: Refund) => CreditNoteContent>
> = {
  cancellation: drawUpLines,
  // It takes back what the one of the cancellation left, so nothing is kept any more, whichever is issued first.
  returned_fee: (invoice, refund) => ({ ...drawUpLines(invoice, refund), kept: [] }),
};

/**
 * Draws up the credit note of an occasion (CGST rule 53): the lines that come back, and beside them what the invoice
 * charges that is kept.
 * @throws InvoiceMismatch when the lines do not add up to the refund, or were never charged
 */
export const drawUpCreditNote = (
  occasion: CreditNoteOccasion,
  invoice: StandingInvoice,
  refund: Refund,
): CreditNoteContent => DRAW_UP[occasion](invoice, refund);
