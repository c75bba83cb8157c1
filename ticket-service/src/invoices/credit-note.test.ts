import { sumPaise, type PriceLineKind, type RefundLine } from '@flight-booking/contracts';
import { describe, expect, it } from 'vitest';
import { delhiToMumbai, exampleBooking, inTwoCabins, mumbaiToDubai } from '../testing/example-booking.js';
import { exampleSupplier } from '../testing/example-ticket.js';
import { drawUpCreditNote, type StandingInvoice } from './credit-note.js';
import { InvoiceMismatch, drawUpInvoice } from './invoice.js';

function standing(...overrides: Parameters<typeof exampleBooking>): StandingInvoice {
  const booking = exampleBooking(...overrides);
  return { invoiceId: 1, booking, content: drawUpInvoice(booking, exampleSupplier) };
}

/** All that was charged comes back, but of these kinds what is given. */
const refundOf = (
  { booking }: StandingInvoice,
  changed: Partial<Record<PriceLineKind, number>> = {},
): RefundLine[] =>
  booking.price_lines.map(({ flight_id, kind, description, amount_paise }) => ({
    flight_id,
    kind,
    description,
    amount_paise: changed[kind] ?? amount_paise,
  }));

const amountOf = (lines: readonly RefundLine[]) => sumPaise(lines.map((line) => line.amount_paise));

describe('a credit note', () => {
  it('repeats the invoice when everything comes back', () => {
    const invoice = standing({ flights: [delhiToMumbai, mumbaiToDubai] });
    const lines = refundOf(invoice);
    const { supplies, totals, kept } = drawUpCreditNote('cancellation', invoice, {
      amountPaise: amountOf(lines),
      lines,
    });
    expect({ supplies, totals }).toEqual({
      supplies: invoice.content.supplies,
      totals: invoice.content.totals,
    });
    expect(kept).toEqual([]);
  });

  it('takes all taxes and charges back while a part of the fare is kept, and adds up with what is kept', () => {
    const invoice = standing();
    const lines = refundOf(invoice, { base_fare: 100_001, fuel_surcharge: 0 });
    const { totals, kept } = drawUpCreditNote('cancellation', invoice, { amountPaise: 191_801, lines });
    expect(totals).toEqual({
      taxable_paise: 100_001,
      cgst_paise: 12_500,
      state_tax_paise: 12_500,
      igst_paise: 0,
      pass_through_paise: 66_800,
      total_paise: 191_801,
    });
    expect(kept).toEqual([
      {
        description: 'Fare and surcharges · Air travel AI865, Delhi to Mumbai, 15 Jan 2027',
        amount_paise: 399_999,
      },
    ]);
    expect(totals.total_paise + amountOf(kept as RefundLine[])).toBe(invoice.content.totals.total_paise);
  });

  it('is over as many passengers as the invoice, also where the fare of a cabin is kept', () => {
    const invoice = standing(inTwoCabins());
    const lines = refundOf(invoice).filter((line) => line.description !== 'Base fare, business');
    const note = drawUpCreditNote('cancellation', invoice, { amountPaise: amountOf(lines), lines });
    expect(note.supplies.map((supply) => supply.passengers)).toEqual([3]);
    const taxes = refundOf(invoice).filter((line) => line.kind === 'gst');
    const onlyTaxes = drawUpCreditNote('cancellation', invoice, {
      amountPaise: amountOf(taxes),
      lines: taxes,
    });
    expect(onlyTaxes.supplies.map((supply) => supply.passengers)).toEqual([3]);
  });

  it('leaves out a flight of which nothing comes back, and says that all of it is kept', () => {
    const invoice = standing({ flights: [delhiToMumbai, mumbaiToDubai] });
    const lines = refundOf(invoice).filter((line) => line.flight_id === delhiToMumbai.flight_id);
    const { supplies, kept } = drawUpCreditNote('cancellation', invoice, {
      amountPaise: amountOf(lines),
      lines,
    });
    expect(supplies.map((supply) => supply.flight_id)).toEqual([delhiToMumbai.flight_id]);
    expect(kept.map((line) => line.amount_paise)).toEqual([500_000, 25_000, 66_800]);
  });

  it('takes a discount back as well', () => {
    const price_lines = [
      ...standing().booking.price_lines,
      { flight_id: 7, kind: 'discount' as const, description: 'FLY50', quantity: 1, amount_paise: -50_000 },
    ];
    const invoice = standing({ price_lines, amount_due_paise: 541_800 });
    const lines = refundOf(invoice, { base_fare: 250_000 });
    const { totals } = drawUpCreditNote('cancellation', invoice, { amountPaise: 341_800, lines });
    expect(totals).toMatchObject({ taxable_paise: 250_000, total_paise: 341_800 });
  });

  it('reads an event of before lines were named as giving everything back', () => {
    const invoice = standing();
    const { totals } = drawUpCreditNote('cancellation', invoice, { amountPaise: 591_800, lines: [] });
    expect(totals).toEqual(invoice.content.totals);
  });

  const whole = refundOf(standing());
  it.each([
    ['lines that do not add up to the refund', 591_799, whole],
    ['no lines for a part of the price', 100, []],
    ['more fare than was charged', 591_801, refundOf(standing(), { base_fare: 450_001 })],
    ['more tax than was charged', 591_802, refundOf(standing(), { gst: 25_002 })],
    ['a tax that has no halves', 591_799, refundOf(standing(), { gst: 24_999 })],
    ['a charge that takes more', 548_500, refundOf(standing(), { user_development_fee: -100 })],
    ['a flight that was not charged for', 591_800, whole.map((line) => ({ ...line, flight_id: 99 }))],
  ])('is refused for %s', (_what, amountPaise, lines) => {
    expect(() => drawUpCreditNote('cancellation', standing(), { amountPaise, lines })).toThrow(
      InvoiceMismatch,
    );
  });
});
