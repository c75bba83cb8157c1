import { describe, expect, it } from 'vitest';
import { blockMinutes } from './block-time.js';

const noon = { departureHour: 12, eastbound: false, metro: false } as const;

describe('block times', () => {
  it('of DEL to BOM lie where the airlines have them, and vary with the hour', () => {
    const hours = Array.from({ length: 24 }, (_, departureHour) =>
      blockMinutes({ ...noon, distanceKm: 1136, aircraftType: 'A320', metro: true, departureHour }),
    );
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(115);
    expect(Math.max(...hours)).toBeLessThanOrEqual(170);
    expect(new Set(hours).size).toBeGreaterThan(2);
  });

  it('are multiples of five, longer for turboprops, and longer against the wind', () => {
    const jet = blockMinutes({ ...noon, distanceKm: 600, aircraftType: 'A320' });
    const turboprop = blockMinutes({ ...noon, distanceKm: 600, aircraftType: 'ATR72' });
    const longHaul = { ...noon, distanceKm: 7212, aircraftType: '787-8' } as const;
    expect(jet % 5).toBe(0);
    expect(turboprop).toBeGreaterThan(jet);
    expect(blockMinutes(longHaul)).toBeGreaterThan(blockMinutes({ ...longHaul, eastbound: true }));
    expect(blockMinutes(longHaul)).toBe(570);
  });
});
