import {
  id,
  paise,
  type BookingDetail,
  type FlightDetail,
  type PriceLineDetail,
  sumPaise,
} from '@flight-booking/contracts';
import { z } from 'zod';
import { printableContact } from '../documents/printable-contact.js';
import { formatDate, localTime } from '../time/local-time.js';
import { OUTSIDE_INDIA, stateName, taxSplitOf, type TaxSplit } from './gst-states.js';

/** Services accounting code of scheduled passenger transport by air. */
const SERVICE_ACCOUNTING_CODE = '996425';

/** What is charged for, and how much. */
const charge = z.strictObject({ description: z.string(), amount_paise: paise });

/** Tax on a supply at one rate; what the split does not name is zero. */
const supplyTax = z.strictObject({
  /** Basis points of the whole tax, both halves together. */
  rate: z.int().min(0),
  cgst_paise: paise,
  /** SGST, or UTGST in a union territory without a legislature. */
  state_tax_paise: paise,
  igst_paise: paise,
});

/** What was supplied on one flight. `total_paise` is taxable value, taxes and pass-through charges. */
const invoiceSupply = z.strictObject({
  flight_id: id,
  description: z.string(),
  service_accounting_code: z.string(),
  passengers: z.int().min(1),
  /** Fare and surcharge, and the discount as a negative amount: together the taxable value. */
  charges: z.array(charge),
  taxable_paise: paise,
  taxes: z.array(supplyTax),
  /** Collected for airport and state, with no tax of ours on it. */
  pass_through: z.array(charge),
  total_paise: paise,
});
/** See {@link invoiceSupply}. */
export type InvoiceSupply = z.infer<typeof invoiceSupply>;

/** What all supplies of a document come to. */
const documentTotals = z.strictObject({
  taxable_paise: paise,
  cgst_paise: paise,
  state_tax_paise: paise,
  igst_paise: paise,
  pass_through_paise: paise,
  total_paise: paise,
});

/** A state by GST code and name. */
const state = z.strictObject({ code: z.string(), name: z.string() });

/** Everything that a tax invoice says beside its number and date; kept with it, so that it never changes. */
export const invoiceContent = z.strictObject({
  pnr: z.string(),
  supplier: z.strictObject({ name: z.string(), address: z.string(), gstin: z.string(), state }),
  recipient: z.strictObject({ name: z.string(), email: z.string() }),
  place_of_supply: state,
  tax_split: z.enum(['CGST_SGST', 'CGST_UTGST', 'IGST']),
  supplies: z.array(invoiceSupply).min(1),
  totals: documentTotals,
});
/** See {@link invoiceContent}. */
export type InvoiceContent = z.infer<typeof invoiceContent>;

/** What a credit note takes back of its invoice, and what the invoice charges that is kept; it never changes. */
export const creditNoteContent = z.strictObject({
  supplies: z.array(invoiceSupply).min(1),
  totals: documentTotals,
  kept: z.array(charge),
});
/** See {@link creditNoteContent}. */
export type CreditNoteContent = z.infer<typeof creditNoteContent>;

/** Why an invoice is taken back: its booking was cancelled, or what that had kept is given back later. */
export type CreditNoteOccasion = 'cancellation' | 'returned_fee';

/** What takes an invoice back, whole or in part: a document with its own number and date (CGST rule 53). */
export interface CreditNote {
  readonly creditNoteNumber: string;
  readonly occasion: CreditNoteOccasion;
  readonly issuedAt: Date;
  readonly content: CreditNoteContent;
}

/** A numbered tax invoice. */
export interface Invoice {
  readonly invoiceId: number;
  readonly invoiceNumber: string;
  readonly ticketId: number;
  readonly bookingId: number;
  readonly userId: number;
  readonly issuedAt: Date;
  readonly content: InvoiceContent;
  /** What took it back, by the occasion; none while the invoice stands. */
  readonly creditNotes: Readonly<Partial<Record<CreditNoteOccasion, CreditNote>>>;
}

/** Who sells: named on every invoice. The state is the first two digits of the GSTIN. */
export interface Supplier {
  readonly name: string;
  readonly address: string;
  readonly gstin: string;
}

/** The lines of a booking's price contradict each other or its total: nothing may be invoiced from them. */
export class InvoiceMismatch extends Error {
  override readonly name = 'InvoiceMismatch';
}

function splitTax(line: PriceLineDetail, split: TaxSplit): z.infer<typeof supplyTax> {
  if (line.tax_rate === undefined) throw new InvoiceMismatch(`The tax "${line.description}" has no rate`);
  if (split === 'IGST') {
    return { rate: line.tax_rate, cgst_paise: 0, state_tax_paise: 0, igst_paise: line.amount_paise };
  }
  if (line.amount_paise % 2 !== 0) {
    throw new InvoiceMismatch(
      `The tax "${line.description}" of ${line.amount_paise} paise has no equal halves`,
    );
  }
  const half = line.amount_paise / 2;
  return { rate: line.tax_rate, cgst_paise: half, state_tax_paise: half, igst_paise: 0 };
}

const toCharge = (line: PriceLineDetail): z.infer<typeof charge> => ({
  description: line.description,
  amount_paise: line.amount_paise,
});

function describeFlight(flight: FlightDetail): string {
  const departure = localTime(new Date(flight.departure_time), flight.source.time_zone);
  return `Air travel ${flight.flight_number}, ${flight.source.city} to ${flight.destination.city}, ${formatDate(departure)}`;
}

/** How many fly: each of them pays a base fare, which stands once for every cabin. */
const passengersOn = ({ price_lines: lines }: BookingDetail, flightId: number): number =>
  sumPaise(
    lines
      .filter((line) => line.flight_id === flightId && line.kind === 'base_fare')
      .map((line) => line.quantity),
  );

/** What price lines of one flight of a booking say of it. @throws InvoiceMismatch when they contradict each other */
export function supplyOf(
  booking: BookingDetail,
  flight: FlightDetail,
  lines: readonly PriceLineDetail[],
  split: TaxSplit,
): InvoiceSupply {
  const ofKind = (...kinds: PriceLineDetail['kind'][]) => lines.filter((line) => kinds.includes(line.kind));
  const charges = ofKind('base_fare', 'fuel_surcharge', 'discount').map(toCharge);
  const taxable = sumPaise(charges.map((line) => line.amount_paise));
  if (taxable < 0) throw new InvoiceMismatch(`The discount on flight ${flight.flight_id} exceeds its fare`);
  return {
    flight_id: flight.flight_id,
    description: describeFlight(flight),
    service_accounting_code: SERVICE_ACCOUNTING_CODE,
    passengers: passengersOn(booking, flight.flight_id),
    charges,
    taxable_paise: taxable,
    taxes: ofKind('gst').map((line) => splitTax(line, split)),
    pass_through: ofKind('user_development_fee', 'aviation_security_fee').map(toCharge),
    total_paise: sumPaise(lines.map((line) => line.amount_paise)),
  };
}

/** What supplies come to. */
export function totalsOf(supplies: readonly InvoiceSupply[]): InvoiceContent['totals'] {
  const taxes = supplies.flatMap((supply) => supply.taxes);
  const parts = {
    taxable_paise: sumPaise(supplies.map((supply) => supply.taxable_paise)),
    cgst_paise: sumPaise(taxes.map((tax) => tax.cgst_paise)),
    state_tax_paise: sumPaise(taxes.map((tax) => tax.state_tax_paise)),
    igst_paise: sumPaise(taxes.map((tax) => tax.igst_paise)),
    pass_through_paise: sumPaise(
      supplies.flatMap((supply) => supply.pass_through.map((line) => line.amount_paise)),
    ),
  };
  return { ...parts, total_paise: sumPaise(Object.values(parts)) };
}

/**
 * The place of supply to somebody without a GST registration: where the journey starts (IGST Act 12(9)).
 */
function placeOfSupply(booking: BookingDetail): string {
  return booking.flights[0]?.source.gst_state_code ?? OUTSIDE_INDIA;
}

/**
 * Draws up the tax invoice of a paid booking (CGST rule 46) from the price as it was charged.
 * @throws InvoiceMismatch when the lines do not add up to what was paid, or a tax has no equal halves.
 */
export function drawUpInvoice(booking: BookingDetail, supplier: Supplier): InvoiceContent {
  const supplierState = supplier.gstin.slice(0, 2);
  const place = placeOfSupply(booking);
  const split = taxSplitOf(supplierState, place);
  const supplies = booking.flights.map((flight) =>
    supplyOf(
      booking,
      flight,
      booking.price_lines.filter((line) => line.flight_id === flight.flight_id),
      split,
    ),
  );
  const totals = totalsOf(supplies);
  if (totals.total_paise !== booking.amount_due_paise) {
    throw new InvoiceMismatch(
      `The lines of booking ${booking.booking_id} add up to ${totals.total_paise} paise, not to the ${booking.amount_due_paise} that were charged`,
    );
  }
  return {
    pnr: booking.pnr,
    supplier: { ...supplier, state: { code: supplierState, name: stateName(supplierState) } },
    recipient: printableContact(booking),
    place_of_supply: { code: place, name: stateName(place) },
    tax_split: split,
    supplies,
    totals,
  };
}
