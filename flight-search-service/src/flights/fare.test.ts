import { describe, expect, it } from 'vitest';
import { airportOf } from '../airports/airport-directory.js';
import { chargesOf, fareBreakdownOf } from './fare.js';

describe('fare breakdowns', () => {
  const breakdown = (cabin: 'economy' | 'business', from: string, to: string) => {
    const source = airportOf(from);
    const fare = { baseFarePaise: 450_000, fuelSurchargePaise: 50_000 };
    return fareBreakdownOf(cabin, fare, chargesOf(source, airportOf(to)), source);
  };

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

  it('add up', () => {
    for (const cabin of ['economy', 'business'] as const) {
      const { total_paise: total, gst_rate: _, cabin: __, ...parts } = breakdown(cabin, 'BOM', 'LHR');
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
    }
  });
});
