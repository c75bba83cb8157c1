import { describe, expect, it } from 'vitest';
import { discountOn, refusalOf, type Discount } from './discount.js';

const NOW = new Date('2026-08-01T12:00:00Z');

const discount = (changes: Partial<Discount> = {}): Discount =>
  ({
    code: 'HALF',
    description: 'Half of the fare',
    type: 'percent',
    percentRate: 5_000,
    maxDiscountPaise: null,
    minimumAmountPaise: 0,
    totalLimit: null,
    perUserLimit: null,
    validFrom: null,
    validUntil: null,
    airlineCode: null,
    active: true,
    uses: 0,
    createdAt: NOW,
    ...changes,
  }) as Discount;

const reasonOf = (changes: Partial<Discount>, use: Partial<Parameters<typeof refusalOf>[1]> = {}) =>
  refusalOf(discount(changes), { now: NOW, customerUses: 0, ...use })?.reason;

describe('what a code takes off', () => {
  it('is a share of the fare, rounded half up to the paisa', () => {
    expect(discountOn(discount(), 100_001)).toBe(50_001);
    expect(discountOn(discount({ type: 'percent', percentRate: 1_250 }), 333_333)).toBe(41_667);
  });

  it('is never more than the cap', () => {
    expect(discountOn(discount({ type: 'percent', maxDiscountPaise: 150_000 }), 1_000_000)).toBe(150_000);
  });

  it('is never more than the fare', () => {
    const flat = discount({ type: 'flat', amountPaise: 50_000 });
    expect(discountOn(flat, 49_999)).toBe(49_999);
    expect(discountOn(flat, 50_001)).toBe(50_000);
    expect(discountOn(flat, 0)).toBe(0);
  });
});

describe('whether a code applies', () => {
  it('has a window whose first instant is inside and whose last is outside', () => {
    expect(reasonOf({ validFrom: NOW })).toBeUndefined();
    expect(reasonOf({ validFrom: new Date(NOW.getTime() + 1) })).toBe('not_started');
    expect(reasonOf({ validUntil: NOW })).toBe('expired');
    expect(reasonOf({ validUntil: new Date(NOW.getTime() + 1) })).toBeUndefined();
  });

  it('has a minimum that is itself enough', () => {
    expect(reasonOf({ minimumAmountPaise: 300_000 }, { eligiblePaise: 299_999 })).toBe('below_minimum');
    expect(reasonOf({ minimumAmountPaise: 300_000 }, { eligiblePaise: 300_000 })).toBeUndefined();
  });

  it('ends with the last use, of all customers or of this one', () => {
    expect(reasonOf({ totalLimit: 2, uses: 1 })).toBeUndefined();
    expect(reasonOf({ totalLimit: 2, uses: 2 })).toBe('used_up');
    expect(reasonOf({ perUserLimit: 1 }, { customerUses: 1 })).toBe('already_used');
  });

  it('asks that every flight of the booking is of its airline', () => {
    expect(reasonOf({ airlineCode: '6E' }, { airlineCodes: ['6E', '6E'] })).toBeUndefined();
    expect(reasonOf({ airlineCode: '6E' }, { airlineCodes: ['6E', 'AI'] })).toBe('wrong_airline');
  });

  it('does not hold against it what is not known yet', () => {
    expect(reasonOf({ airlineCode: '6E', minimumAmountPaise: 300_000 })).toBeUndefined();
  });

  it('tells first what the customer cannot change', () => {
    expect(reasonOf({ active: false, validUntil: NOW, totalLimit: 1, uses: 1 })).toBe('disabled');
  });
});
