import type { Cabin, ReservedSeat } from '@flight-booking/contracts';
import { describe, expect, it } from 'vitest';
import { priceOf } from '../prices/price.js';
import {
  EXAMPLE_FARE_PAISE,
  exampleFare,
  exampleFlight,
  exampleSecondLeg,
} from '../testing/example-flights.js';
import type { CancellationPolicy } from './cancellation-policy.js';
import {
  cancellationTerms,
  refundLinesOf,
  type CancellationTerms,
  type CancellableBooking,
} from './cancellation-terms.js';
import { ruleInWords } from './cancellation-words.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BOOKED = new Date('2027-01-01T00:00:00.000+05:30');

const policy: CancellationPolicy = {
  lookInHours: 48,
  lookInNoticeDays: 7,
  fees: {
    economy: [
      { hoursBefore: 168, share: 1_000 },
      { hoursBefore: 72, share: 2_500 },
      { hoursBefore: 24, share: 5_000 },
      { hoursBefore: 0, share: 10_000 },
    ],
    business: [
      { hoursBefore: 72, share: 0 },
      { hoursBefore: 0, share: 3_333 },
    ],
  },
  quoteTtlMs: 900_000,
};

const after = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms);
const sumOf = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

const flights = [
  exampleFlight({
    fares: [exampleFare(), exampleFare({ cabin: 'business', base_fare_paise: 2_000_001, gst_rate: 1_800 })],
  }),
  exampleSecondLeg({ flight_id: 2 }),
];

const seat = (flightId: number, cabin: Cabin, index: number): ReservedSeat & { passenger_index: number } => ({
  flight_id: flightId,
  seat_number: `${index + 1}A`,
  cabin,
  passenger_index: index,
});

/** A paid booking of seats in these cabins on the first flight, and in economy on the second if that is wanted. */
function bookingOf(
  {
    cabins = ['economy'],
    connecting = false,
    discountPaise = 0,
  }: { cabins?: readonly Cabin[]; connecting?: boolean; discountPaise?: number },
  facts: Partial<CancellableBooking> = {},
): CancellableBooking {
  const seats = [
    ...cabins.map((cabin, index) => seat(1, cabin, index)),
    ...(connecting ? cabins.map((_, index) => seat(2, 'economy', index)) : []),
  ];
  const discount = discountPaise === 0 ? undefined : { code: 'FLY50', paise: discountPaise };
  return {
    createdAt: BOOKED,
    departsAt: after(BOOKED, 30 * DAY_MS),
    expiresAt: after(BOOKED, 600_000),
    paymentId: 1,
    cancelledFlightId: null,
    priceLines: priceOf(flights, seats, discount).lines,
    seats,
    flights,
    fareBrand: 'saver',
    ...facts,
  };
}

const kindsKept = (terms: CancellationTerms) =>
  Object.fromEntries(terms.lines.map(({ kind, keptPaise }) => [kind, keptPaise]));

describe('the look-in', () => {
  it.each([
    ['at once', 30 * DAY_MS, 0, 'look_in'],
    ['after exactly 48 hours', 30 * DAY_MS, 48 * HOUR_MS, 'look_in'],
    ['a millisecond later', 30 * DAY_MS, 48 * HOUR_MS + 1, 'fee_before_departure'],
    ['when it was booked exactly 7 days ahead', 7 * DAY_MS, HOUR_MS, 'look_in'],
    ['when it was booked a millisecond less than 7 days ahead', 7 * DAY_MS - 1, 0, 'fee_before_departure'],
  ])('%s', (_when, noticeMs, ageMs, rule) => {
    const booking = bookingOf({}, { departsAt: after(BOOKED, noticeMs) });
    const terms = cancellationTerms(policy, booking, after(BOOKED, ageMs));
    expect(terms.rule).toBe(rule);
    expect(terms.keptPaise === 0).toBe(rule === 'look_in');
  });

  it('stands until 48 hours after booking', () => {
    const terms = cancellationTerms(policy, bookingOf({}), after(BOOKED, HOUR_MS));
    expect(terms.standsUntil).toEqual(after(BOOKED, 48 * HOUR_MS));
    expect(terms.refundPaise).toBe(EXAMPLE_FARE_PAISE);
  });

  it('counts hours, not days of a calendar: midnight in India changes nothing', () => {
    const lateEvening = new Date('2027-01-01T23:59:59.999+05:30');
    const booking = bookingOf({}, { createdAt: lateEvening, departsAt: after(lateEvening, 7 * DAY_MS) });
    expect(cancellationTerms(policy, booking, new Date('2027-01-03T23:59:59.999+05:30')).rule).toBe(
      'look_in',
    );
    expect(cancellationTerms(policy, booking, new Date('2027-01-04T00:00:00.000+05:30')).rule).not.toBe(
      'look_in',
    );
  });

  it('never stands beyond departure', () => {
    const patient = { ...policy, lookInHours: 24 * 60 };
    const terms = cancellationTerms(patient, bookingOf({}), after(BOOKED, HOUR_MS));
    expect(terms.standsUntil).toEqual(after(BOOKED, 30 * DAY_MS));
  });
});

describe('the fee by the time before departure', () => {
  const departsAt = after(BOOKED, 30 * DAY_MS);

  it.each([
    [20 * DAY_MS, 50_000, 168],
    [168 * HOUR_MS, 50_000, 168],
    [168 * HOUR_MS - 1, 125_000, 72],
    [72 * HOUR_MS, 125_000, 72],
    [72 * HOUR_MS - 1, 250_000, 24],
    [24 * HOUR_MS, 250_000, 24],
    [24 * HOUR_MS - 1, 500_000, 0],
    [0, 500_000, 0],
  ])('%i ms before departure keeps %i paise, until %i hours before', (leftMs, kept, until) => {
    const terms = cancellationTerms(policy, bookingOf({}), after(departsAt, -leftMs));
    expect(terms).toMatchObject({ keptPaise: kept, refundPaise: EXAMPLE_FARE_PAISE - kept });
    expect(terms.standsUntil).toEqual(after(departsAt, -until * HOUR_MS));
  });

  it('is taken from fare and fuel surcharge after discount, and never from taxes and airport fees', () => {
    const terms = cancellationTerms(policy, bookingOf({ discountPaise: 100_000 }), after(departsAt, -DAY_MS));
    expect(kindsKept(terms)).toEqual({
      base_fare: 225_000,
      fuel_surcharge: 25_000,
      discount: -50_000,
      gst: 0,
      user_development_fee: 0,
      aviation_security_fee: 0,
    });
    expect(terms.keptPaise).toBe(200_000);
  });

  it('is by cabin, each until its own limit', () => {
    const mixed = bookingOf({ cabins: ['economy', 'business'] });
    const terms = cancellationTerms(policy, mixed, after(departsAt, -72 * HOUR_MS));
    expect(terms).toMatchObject({
      fees: [
        { cabin: 'economy', brand: 'saver', hoursBefore: 72, share: 2_500 },
        { cabin: 'business', brand: 'saver', hoursBefore: 72, share: 0 },
      ],
      keptPaise: 125_000,
    });
  });

  it('is rounded down to the paisa', () => {
    const business = bookingOf({ cabins: ['business'] });
    const terms = cancellationTerms(policy, business, after(departsAt, -HOUR_MS));
    expect(terms.keptPaise).toBe(Math.floor((2_050_001 * 3_333) / 10_000));
  });

  it('is told in words', () => {
    const mixed = bookingOf({ cabins: ['economy', 'business'] });
    expect(ruleInWords(cancellationTerms(policy, mixed, after(departsAt, -HOUR_MS)))).toBe(
      'Up to departure, 100 % of the economy saver fare and its fuel surcharge is kept. ' +
        'Up to departure, 33.33 % of the business saver fare and its fuel surcharge is kept. Taxes and airport fees come back.',
    );
  });

  it('does not exist after departure', () => {
    expect(() => cancellationTerms(policy, bookingOf({}), after(departsAt, 1))).toThrow('departed');
  });
});

describe('everything', () => {
  it('comes back when the airline withdrew a flight, however late', () => {
    const booking = bookingOf({ discountPaise: 77_777 }, { cancelledFlightId: 1 });
    const terms = cancellationTerms(policy, booking, after(booking.departsAt, -1));
    expect(terms).toMatchObject({ rule: 'flight_cancelled', keptPaise: 0 });
    expect(refundLinesOf(terms.lines)).toMatchObject(
      booking.priceLines.map(({ kind, amount_paise: paise }) => ({ kind, amount_paise: paise })),
    );
    expect(sumOf(refundLinesOf(terms.lines).map((line) => line.amount_paise))).toBe(
      sumOf(booking.priceLines.map((line) => line.amount_paise)),
    );
  });

  it('is nothing where nothing was paid, for as long as it may be paid', () => {
    const terms = cancellationTerms(policy, bookingOf({}, { paymentId: null }), BOOKED);
    expect(terms).toMatchObject({
      rule: 'nothing_paid',
      paidPaise: 0,
      keptPaise: 0,
      refundPaise: 0,
      lines: [],
    });
    expect(terms.standsUntil).toEqual(after(BOOKED, 600_000));
  });
});

/** Park and Miller's generator: the same cases in every run. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

describe('for any booking at any time', () => {
  const random = seededRandom(11);
  const anyBooking = (): CancellableBooking => {
    const cabins = Array.from({ length: 1 + random(9) }, (): Cabin =>
      random(2) === 0 ? 'economy' : 'business',
    );
    const booking = bookingOf({ cabins, connecting: random(2) === 0 });
    const eligible = sumOf(
      booking.priceLines
        .filter(({ kind }) => kind === 'base_fare' || kind === 'fuel_surcharge')
        .map((line) => line.amount_paise),
    );
    return bookingOf({
      cabins,
      connecting: booking.seats.length > cabins.length,
      discountPaise: random(eligible + 1),
    });
  };

  it('what is kept and what comes back add up, line by line, and nothing statutory is kept', () => {
    for (let round = 0; round < 500; round += 1) {
      const booking = anyBooking();
      const terms = cancellationTerms(policy, booking, after(booking.departsAt, -random(40 * 24) * HOUR_MS));
      expect(terms.paidPaise).toBe(sumOf(booking.priceLines.map((line) => line.amount_paise)));
      expect(terms.keptPaise + terms.refundPaise).toBe(terms.paidPaise);
      for (const line of terms.lines) {
        expect(line.keptPaise + line.refundPaise).toBe(line.paidPaise);
        expect(line.keptPaise).toBeGreaterThanOrEqual(Math.min(line.paidPaise, 0));
        expect(line.keptPaise).toBeLessThanOrEqual(Math.max(line.paidPaise, 0));
        if (!['base_fare', 'fuel_surcharge', 'discount'].includes(line.kind)) expect(line.keptPaise).toBe(0);
      }
    }
  });

  it('waiting never gives more back, and a quote stands exactly as long as the rules give the same', () => {
    for (let round = 0; round < 200; round += 1) {
      const booking = anyBooking();
      let last = Infinity;
      for (let at = BOOKED; at < booking.departsAt;) {
        const terms = cancellationTerms(policy, booking, at);
        expect(terms.refundPaise).toBeLessThanOrEqual(last);
        expect(terms.standsUntil.getTime()).toBeGreaterThanOrEqual(at.getTime());
        expect(cancellationTerms(policy, booking, terms.standsUntil).refundPaise).toBe(terms.refundPaise);
        last = terms.refundPaise;
        at = after(terms.standsUntil, 1);
      }
    }
  });
});
