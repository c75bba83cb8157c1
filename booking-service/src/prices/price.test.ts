import type { Cabin, FlightDetail, ReservedSeat } from '@flight-booking/contracts';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_FARE_PAISE, exampleFare, exampleFlight } from '../testing/example-flights.js';
import { apportion } from './largest-remainder.js';
import { eligiblePaise, priceOf } from './price.js';

/** Park and Miller's generator: the same cases in every run. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const seatsOn = (flightId: number, count: number, cabin: Cabin = 'economy'): ReservedSeat[] =>
  Array.from({ length: count }, (_, index) => ({ flight_id: flightId, seat_number: `${index + 1}A`, cabin }));

const sumOf = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

const asWeight = (weight: number): number => weight;

const sharesOf = (amount: number, weights: readonly number[]): number[] =>
  apportion(amount, weights, asWeight).map(({ share }) => share);

describe('apportion', () => {
  it('gives what is left to the largest remainders, the first of equals first', () => {
    expect(sharesOf(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(sharesOf(10, [5, 3, 2])).toEqual([5, 3, 2]);
    expect(sharesOf(7, [60, 30, 10])).toEqual([4, 2, 1]);
  });

  it('adds up and gives nobody more than the weight, for any amount within the weights', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 2_000; round += 1) {
      const weights = Array.from({ length: 1 + random(27) }, () => random(3) * random(90_000_000));
      const amount = random(sumOf(weights) + 1);
      const apportioned = apportion(amount, weights, asWeight);
      expect(apportioned.map(({ part }) => part)).toEqual(weights);
      expect(sumOf(apportioned.map(({ share }) => share))).toBe(sumOf(weights) === 0 ? 0 : amount);
      expect(apportioned.every(({ part: weight, share }) => share >= 0 && share <= weight)).toBe(true);
    }
  });
});

describe('the price of a booking', () => {
  it('is the fare of every seat when there is no discount', () => {
    const { lines, amountDuePaise } = priceOf([exampleFlight()], seatsOn(1, 2));
    expect(amountDuePaise).toBe(2 * EXAMPLE_FARE_PAISE);
    expect(lines.map(({ kind, quantity, amount_paise: amount }) => [kind, quantity, amount])).toEqual([
      ['base_fare', 2, 900_000],
      ['fuel_surcharge', 2, 100_000],
      ['gst', 2, 50_000],
      ['user_development_fee', 2, 86_400],
      ['aviation_security_fee', 2, 47_200],
    ]);
  });

  it('takes a discount off the taxable value before tax', () => {
    const { lines, amountDuePaise } = priceOf([exampleFlight()], seatsOn(1, 1), {
      code: 'FLY50',
      paise: 250_000,
    });
    expect(lines.find(({ kind }) => kind === 'discount')?.amount_paise).toBe(-250_000);
    expect(lines.find(({ kind }) => kind === 'gst')).toMatchObject({ amount_paise: 12_500, tax_rate: 500 });
    expect(amountDuePaise).toBe(EXAMPLE_FARE_PAISE - 250_000 - 12_500);
  });

  it('spreads a discount over two flights in proportion to their fares', () => {
    const dear = exampleFlight({ flight_id: 2, fares: [exampleFare({ base_fare_paise: 950_000 })] });
    const { lines } = priceOf([exampleFlight(), dear], [...seatsOn(1, 1), ...seatsOn(2, 1)], {
      code: 'FLY50',
      paise: 100_000,
    });
    const discounts = lines.filter(({ kind }) => kind === 'discount');
    expect(discounts.map((line) => [line.flight_id, line.amount_paise])).toEqual([
      [1, -33_333],
      [2, -66_667],
    ]);
  });

  it('keeps cabins with different tax rates on lines of their own', () => {
    const business = exampleFare({ cabin: 'business', base_fare_paise: 2_000_000, gst_rate: 1_800 });
    const flight = exampleFlight({ fares: [exampleFare(), business] });
    const { lines, amountDuePaise } = priceOf([flight], [...seatsOn(1, 1), ...seatsOn(1, 1, 'business')]);
    expect(lines.filter(({ kind }) => kind === 'gst').map((line) => line.tax_rate)).toEqual([500, 1_800]);
    expect(amountDuePaise).toBe(EXAMPLE_FARE_PAISE + business.total_paise);
  });

  it('refuses a discount that exceeds what it is given on', () => {
    const seats = seatsOn(1, 1);
    const paise = eligiblePaise([exampleFlight()], seats) + 1;
    expect(() => priceOf([exampleFlight()], seats, { code: 'FLY50', paise })).toThrow('exceeds');
  });

  it('adds up to the paisa, is never negative and has equal halves of tax, for any fares and any discount', () => {
    const random = seededRandom(42);
    for (let round = 0; round < 2_000; round += 1) {
      const flights: FlightDetail[] = Array.from({ length: 1 + random(3) }, (_, index) =>
        exampleFlight({
          flight_id: index + 1,
          fares: [
            exampleFare({
              base_fare_paise: random(5_000_000),
              fuel_surcharge_paise: random(700_000),
              gst_rate: [500, 1_800][random(2)] ?? 500,
            }),
          ],
        }),
      );
      const count = 1 + random(9);
      const seats = flights.flatMap(({ flight_id: flightId }) => seatsOn(flightId, count));
      const paise = random(eligiblePaise(flights, seats) + 1);
      const { lines, amountDuePaise } = priceOf(flights, seats, { code: 'FLY50', paise });
      const ofKind = (kind: string) =>
        lines.filter((line) => line.kind === kind).map((line) => line.amount_paise);
      expect(sumOf(lines.map((line) => line.amount_paise))).toBe(amountDuePaise);
      expect(sumOf(ofKind('discount'))).toBe(paise === 0 ? 0 : -paise);
      expect(ofKind('gst').every((tax) => tax >= 0 && tax % 2 === 0)).toBe(true);
      for (const { flight_id: flightId } of flights) {
        const onFlight = lines.filter((line) => line.flight_id === flightId && line.amount_paise < 0);
        const fare = lines.filter(
          (line) => line.flight_id === flightId && ['base_fare', 'fuel_surcharge'].includes(line.kind),
        );
        expect(-sumOf(onFlight.map((line) => line.amount_paise))).toBeLessThanOrEqual(
          sumOf(fare.map((line) => line.amount_paise)),
        );
      }
      const undiscounted = sumOf(flights.map(({ fares }) => (fares[0]?.total_paise ?? 0) * count));
      expect(priceOf(flights, seats).amountDuePaise).toBe(undiscounted);
      expect(amountDuePaise).toBeLessThanOrEqual(undiscounted);
    }
  });
});
