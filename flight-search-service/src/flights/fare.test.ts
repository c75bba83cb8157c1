import {
  fareConditions,
  FARE_ITEMS,
  farePaiseOf,
  type Cabin,
  type FareBrand,
} from '@flight-booking/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { airportOf } from '../airports/airport-directory.js';
import { chargesOf } from './fare.js';
import { FareRules, fareVariables } from './fare-rules.js';

const rulesOf = (environment: Record<string, string> = {}) =>
  new FareRules(z.object(fareVariables).parse(environment));
const rules = rulesOf();

const FARE = { baseFarePaise: 450_000, fuelSurchargePaise: 50_000 };

function breakdown(
  cabin: Cabin,
  from: string,
  to: string,
  { brand = 'saver' as FareBrand, fare = FARE, by = rules } = {},
) {
  const charges = chargesOf(airportOf(from), airportOf(to));
  return by.breakdownOf({ sourceCode: from, charges }, cabin, fare, brand);
}

describe('fare breakdowns', () => {
  it('tax base fare and surcharge, and pass the airport charges through untaxed', () => {
    expect(breakdown('economy', 'DEL', 'BLR')).toMatchObject({
      gst_rate: 500,
      gst_paise: 25_000,
      total_paise: 591_800,
    });
    expect(breakdown('business', 'DEL', 'BLR')).toMatchObject({ gst_rate: 1800, gst_paise: 90_000 });
  });

  it('charge more for leaving the country, and no Indian tax for boarding abroad', () => {
    expect(breakdown('economy', 'DEL', 'DXB').user_development_fee_paise).toBe(127_000);
    expect(breakdown('economy', 'DXB', 'DEL')).toMatchObject({
      gst_rate: 0,
      gst_paise: 0,
      aviation_security_fee_paise: 0,
    });
  });

  it('add up, under each brand', () => {
    for (const cabin of ['economy', 'business'] as const) {
      for (const brand of ['saver', 'flex'] as const) {
        const { total, ...parts } = farePaiseOf(breakdown(cabin, 'BOM', 'LHR', { brand }));
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
        expect(Object.keys(parts)).toHaveLength(FARE_ITEMS.length - 1);
      }
    }
  });
});

describe('flex', () => {
  it('costs a quarter more base fare, taxed, and no more of anything else', () => {
    expect(breakdown('economy', 'DEL', 'BLR', { brand: 'flex' })).toMatchObject({
      base_fare_paise: 563_000,
      fuel_surcharge_paise: 50_000,
      gst_paise: 30_650,
      user_development_fee_paise: 43_200,
      total_paise: 710_450,
    });
  });

  it('is dearer than saver by whole steps of ten rupees, whatever the fare and the surcharge', () => {
    for (const percent of ['0.01', '7.77', '25', '250']) {
      const by = rulesOf({ FLEX_SURCHARGE_PERCENT: percent });
      for (const baseFarePaise of [1, 999, 1_000, 123_456, 98_765_400]) {
        const fare = { baseFarePaise, fuelSurchargePaise: 0 };
        const sold = breakdown('economy', 'DEL', 'BLR', { brand: 'flex', fare, by }).base_fare_paise;
        expect(sold).toBeGreaterThan(baseFarePaise);
        expect((sold - baseFarePaise) % 1_000).toBe(0);
        expect(sold - baseFarePaise).toBeGreaterThanOrEqual((baseFarePaise * Number(percent)) / 100);
      }
    }
  });

  it('costs the same where the surcharge is none', () => {
    const by = rulesOf({ FLEX_SURCHARGE_PERCENT: '0' });
    const flex = breakdown('economy', 'DEL', 'BLR', { brand: 'flex', by });
    expect(flex.total_paise).toBe(591_800);
  });
});

describe('the conditions of fares', () => {
  it('are for programs to read, and follow the configuration', () => {
    const by = rulesOf({ CANCELLATION_FEES_ECONOMY: '0:100', CANCELLATION_LOOK_IN_HOURS: '24' });
    expect(fareConditions.parse(by.conditionsOf('economy', 'saver'))).toMatchObject({
      refundable: false,
      cancellation: {
        look_in: { hours: 24, notice_days: 7 },
        fees: [{ hours_before: 0, percent: 100 }],
      },
    });
    expect(fareConditions.parse(by.conditionsOf('economy', 'flex'))).toMatchObject({
      refundable: true,
      cancellation: {
        fees: [
          { hours_before: 24, percent: 0 },
          { hours_before: 2, percent: 25 },
          { hours_before: 0, percent: 50 },
        ],
      },
      baggage: { cabin_kg: 7, checked_kg: 25 },
      meal: 'included',
    });
  });

  it('never keep more under flex than under saver by the figures that are given', () => {
    const keptOf = (cabin: Cabin, brand: FareBrand, hours: number): number =>
      rules.conditionsOf(cabin, brand).cancellation.fees.find((fee) => hours >= fee.hours_before)?.percent ??
      0;
    for (const cabin of ['economy', 'business'] as const) {
      for (let hours = 0; hours < 300; hours += 1)
        expect(keptOf(cabin, 'flex', hours)).toBeLessThanOrEqual(keptOf(cabin, 'saver', hours));
    }
  });
});
