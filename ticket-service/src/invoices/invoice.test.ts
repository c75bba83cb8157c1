import { describe, expect, it } from 'vitest';
import {
  EXAMPLE_FARE_PAISE,
  delhiToMumbai,
  exampleBooking,
  exampleLines,
  inTwoCabins,
  mumbaiToDubai,
} from '../testing/example-booking.js';
import { exampleSupplier } from '../testing/example-ticket.js';
import { InvoiceMismatch, drawUpInvoice } from './invoice.js';

const inMumbai = { ...exampleSupplier, gstin: '27AAPFU0939F1ZV' };

describe('the tax invoice of a booking', () => {
  it('halves the tax between centre and state where the journey starts in the supplier’s state', () => {
    const content = drawUpInvoice(exampleBooking(), exampleSupplier);
    expect(content.tax_split).toBe('CGST_SGST');
    expect(content.place_of_supply).toEqual({ code: '07', name: 'Delhi' });
    expect(content.supplies[0]).toMatchObject({
      service_accounting_code: '996425',
      passengers: 1,
      taxable_paise: 500_000,
      taxes: [{ rate: 500, cgst_paise: 12_500, state_tax_paise: 12_500, igst_paise: 0 }],
      pass_through: [{ amount_paise: 43_200 }, { amount_paise: 23_600 }],
      total_paise: 591_800,
    });
    expect(content.totals).toEqual({
      taxable_paise: 500_000,
      cgst_paise: 12_500,
      state_tax_paise: 12_500,
      igst_paise: 0,
      pass_through_paise: 66_800,
      total_paise: 591_800,
    });
  });

  it('integrates the tax where the journey starts in another state', () => {
    const content = drawUpInvoice(exampleBooking(), inMumbai);
    expect(content.tax_split).toBe('IGST');
    expect(content.totals).toMatchObject({ cgst_paise: 0, state_tax_paise: 0, igst_paise: 25_000 });
  });

  it('integrates the tax where the journey starts abroad', () => {
    const flight = { ...mumbaiToDubai, source: mumbaiToDubai.destination, destination: mumbaiToDubai.source };
    const content = drawUpInvoice(exampleBooking({ flights: [flight] }), exampleSupplier);
    expect(content.tax_split).toBe('IGST');
    expect(content.place_of_supply).toEqual({ code: '96', name: 'Outside India' });
  });

  it('charges union-territory tax in a territory without a legislature', () => {
    const flight = {
      ...delhiToMumbai,
      source: { ...delhiToMumbai.source, code: 'IXC', gst_state_code: '04' },
    };
    const content = drawUpInvoice(exampleBooking({ flights: [flight] }), {
      ...exampleSupplier,
      gstin: '04ZZZCZ0000Z1Z9',
    });
    expect(content.tax_split).toBe('CGST_UTGST');
    expect(content.place_of_supply.name).toBe('Chandigarh');
  });

  it('takes the start of a connecting journey as the place of supply of all its flights', () => {
    const content = drawUpInvoice(
      exampleBooking({ flights: [delhiToMumbai, mumbaiToDubai] }),
      exampleSupplier,
    );
    expect(content.place_of_supply.code).toBe('07');
    expect(content.supplies).toHaveLength(2);
    expect(content.totals).toMatchObject({
      cgst_paise: 25_000,
      state_tax_paise: 25_000,
      total_paise: 2 * EXAMPLE_FARE_PAISE,
    });
  });

  it('counts the passengers of both cabins of a flight', () => {
    const content = drawUpInvoice(inTwoCabins(), exampleSupplier);
    expect(content.supplies.map((supply) => supply.passengers)).toEqual([3]);
  });

  it('taxes what is left after the discount', () => {
    const lines = exampleLines(7).map((line) =>
      line.kind === 'gst' ? { ...line, amount_paise: 20_000 } : line,
    );
    const content = drawUpInvoice(
      exampleBooking({
        price_lines: [
          ...lines,
          { flight_id: 7, kind: 'discount', description: 'FLY50', quantity: 1, amount_paise: -100_000 },
        ],
        amount_due_paise: 486_800,
      }),
      exampleSupplier,
    );
    expect(content.totals).toMatchObject({
      taxable_paise: 400_000,
      cgst_paise: 10_000,
      total_paise: 486_800,
    });
  });
});

describe('no invoice is drawn up', () => {
  it('when its lines do not add up to what was charged', () => {
    const booking = exampleBooking({ amount_due_paise: EXAMPLE_FARE_PAISE - 1 });
    expect(() => drawUpInvoice(booking, exampleSupplier)).toThrow(InvoiceMismatch);
  });

  it('when a line belongs to no flight of the booking', () => {
    const booking = exampleBooking({
      price_lines: [...exampleLines(7), ...exampleLines(99)],
      amount_due_paise: 2 * EXAMPLE_FARE_PAISE,
    });
    expect(() => drawUpInvoice(booking, exampleSupplier)).toThrow(/add up to 591800 paise/);
  });

  it('when a tax has no equal halves', () => {
    const lines = exampleLines(7).map((line) =>
      line.kind === 'gst' ? { ...line, amount_paise: 25_001 } : line,
    );
    const booking = exampleBooking({ price_lines: lines, amount_due_paise: EXAMPLE_FARE_PAISE + 1 });
    expect(() => drawUpInvoice(booking, exampleSupplier)).toThrow(/no equal halves/);
  });

  it('when the discount exceeds the fare', () => {
    const discount = {
      flight_id: 7,
      kind: 'discount' as const,
      description: 'FLY50',
      quantity: 1,
      amount_paise: -500_001,
    };
    const booking = exampleBooking({ price_lines: [...exampleLines(7), discount], amount_due_paise: 91_799 });
    expect(() => drawUpInvoice(booking, exampleSupplier)).toThrow(/exceeds its fare/);
  });
});
