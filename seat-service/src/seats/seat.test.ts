import { describe, expect, it } from 'vitest';
import { cabinOf, countFree } from './seat.js';

describe('the seats of an aircraft', () => {
  it('lie in the cabin of their row, and one that the aircraft lacks lies in none', () => {
    expect(cabinOf('787-8', '1A')).toBe('business');
    expect(cabinOf('787-8', '37J')).toBe('economy');
    expect(() => cabinOf('787-8', '4A')).toThrow(RangeError);
    expect(() => cabinOf('ATR72', '1B')).toThrow(RangeError);
  });

  it('are free by cabin unless they are taken, each counted once', () => {
    expect(countFree('787-8', [])).toEqual({ economy: 238, business: 18 });
    const taken = ['1A', '1A', '11C'].map((seatNumber) => ({ seatNumber }));
    expect(countFree('787-8', taken)).toEqual({ economy: 237, business: 17 });
    expect(countFree('ATR72', [])).toEqual({ economy: 78 });
  });
});
