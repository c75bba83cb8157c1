import {
  offeredFareOf,
  type Cabin,
  type FareBrand,
  type FareConditions,
  type FlightDetail,
} from '@flight-booking/contracts';
import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BookingWorld } from '../testing/booking-world.js';
import {
  EXAMPLE_FARE_PAISE,
  exampleFare,
  exampleFlight,
  exampleSecondLeg,
} from '../testing/example-flights.js';

let world: BookingWorld;
let service: Service;

const conditionsKeeping = (percent: number): FareConditions => ({
  refundable: percent < 100,
  cancellation: { look_in: { hours: 0, notice_days: 7 }, fees: [{ hours_before: 0, percent }] },
  changes: { permitted: false },
  baggage: { cabin_kg: 7, checked_kg: 15 },
  seat_choice: 'included',
  meal: 'none',
});

const saver = (parts: object = {}) => exampleFare({ conditions: conditionsKeeping(50), ...parts });
const flex = (parts: object = {}) =>
  exampleFare({ brand: 'flex', base_fare_paise: 563_000, conditions: conditionsKeeping(10), ...parts });
const FLEX_FARE_PAISE = 710_450;

const twoCabins = [
  saver(),
  flex(),
  saver({ cabin: 'business', base_fare_paise: 2_000_000, gst_rate: 1_800 }),
  flex({ cabin: 'business', base_fare_paise: 2_500_000, gst_rate: 1_800 }),
];

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.seats.cabins = [];
  world.seats.stub.requests.length = 0;
  world.flights.set(1, exampleFlight({ fares: [saver(), flex()] }));
  world.flights.set(2, exampleSecondLeg({ flight_id: 2, fares: [saver(), flex()] }));
  world.flights.set(5, exampleFlight({ flight_id: 5, aircraft_type: '787-8', fares: twoCabins }));
});

/** What search shows of the fares of flights, as they are at this moment. */
const shownOf = (flightIds: readonly number[], brand?: FareBrand, cabin: Cabin = 'economy') =>
  flightIds.flatMap((id) =>
    (world.flights.get(id) as FlightDetail).fares
      .filter((fare) => fare.cabin === cabin && (brand === undefined || fare.brand === brand))
      .map((fare) => offeredFareOf(id, fare)),
  );

const setFares = (flightId: number, fares: FlightDetail['fares']): void => {
  world.flights.set(flightId, { ...(world.flights.get(flightId) as FlightDetail), fares });
};
const bookingsOf = async (userId: number): Promise<number> =>
  (await world.database.rows('select from bookings where user_id = $1', [userId])).length;
const sumOf = (lines: readonly { amount: number }[]) =>
  lines.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0);

describe('a booking in a brand', () => {
  it('is saver unless its customer asks for flex, and says which', async () => {
    const cheap = await world.booked(service, 10);
    expect(cheap).toMatchObject({ brand: 'saver', amount_due: EXAMPLE_FARE_PAISE / 100 });
    const dear = await world.booked(service, 10, { brand: 'flex', num_seats: 2 });
    expect(dear).toMatchObject({ brand: 'flex', amount_due: (2 * FLEX_FARE_PAISE) / 100 });
    expect(dear.price_lines[0]).toMatchObject({ kind: 'base_fare', description: 'Base fare, economy flex' });
    const { body } = await world.request(
      service,
      { service: 'ticket-service' },
      'GET',
      `/internal/bookings/${dear.booking_id}`,
    );
    expect(body).toMatchObject({ brand: 'flex', flights: [{ fares: [{ brand: 'flex' }] }] });
    expect(sumOf(dear.price_lines)).toBe(2 * FLEX_FARE_PAISE);
  });

  it('is refused where the flight has no fare of the brand', async () => {
    setFares(1, [saver()]);
    const answer = await world.create(service, 11, { brand: 'flex' });
    expect(answer).toMatchObject({
      status: 422,
      body: { type: 'fare-not-sold', flight_id: 1, brand: 'flex' },
    });
    expect(await bookingsOf(11)).toBe(0);
  });

  it.each([
    ['saver' as const, 50, 450_000],
    ['flex' as const, 10, 563_000],
  ])(
    'that is %s is cancelled by the conditions of %s, whatever they are by then',
    async (brand, percent, base) => {
      const { booking_id: id, amount_due: due } = await world.booked(service, 12, { brand });
      await world.confirm(service, id, undefined, Math.round(due * 100));
      setFares(1, [
        saver({ conditions: conditionsKeeping(100) }),
        flex({ conditions: conditionsKeeping(100) }),
      ]);
      // The look-in of these fares lasts no time at all.
      const { body } = await world.request(
        service,
        { userId: 12 },
        'GET',
        `/api/bookings/${id}/cancellation-quote`,
      );
      const kept = ((base + 50_000) * percent) / 100;
      expect(body).toMatchObject({
        rule: 'fee_before_departure',
        kept: { amount: kept / 100 },
        refund: { amount: due - kept / 100 },
      });
      expect(body['rule_in_words']).toContain(`${percent} % of the economy ${brand} fare`);
    },
  );
});

describe('a booking at the price that was shown', () => {
  it('is made at exactly this price from the fares of search, of the flight, or no more than a total', async () => {
    const itinerary = { flight_id: undefined, flight_ids: [1, 2] };
    const ways = [
      shownOf([1, 2], 'flex'),
      shownOf([1, 2]),
      shownOf([1, 2], 'flex').map(({ flight_id, total }) => ({ flight_id, total })),
    ];
    for (const shown_fares of ways) {
      const booking = await world.booked(service, 20, { ...itinerary, brand: 'flex', shown_fares });
      expect(booking.amount_due).toBe((2 * FLEX_FARE_PAISE) / 100);
    }
  });

  it('is refused line by line when a fare has changed, with nothing stored and the lock not touched', async () => {
    const shown_fares = shownOf([1, 2], 'saver');
    setFares(2, [saver({ base_fare_paise: 480_000 }), flex()]);
    const itinerary = { flight_id: undefined, flight_ids: [1, 2] };
    const { status, body } = await world.create(service, 21, {
      ...itinerary,
      shown_fares,
      discount_code: 'FLY50',
    });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      type: 'price-changed',
      currency: 'INR',
      differences: [
        { flight_id: 2, cabin: 'economy', item: 'total', shown: 5_918, now: 6_233, difference: 315 },
        { flight_id: 2, cabin: 'economy', item: 'base_fare', shown: 4_500, now: 4_800, difference: 300 },
        { flight_id: 2, cabin: 'economy', item: 'gst', shown: 250, now: 265, difference: 15 },
      ],
      offer: { brand: 'saver', fares: shownOf([1, 2], 'saver') },
    });
    expect(await bookingsOf(21)).toBe(0);
    expect(world.seats.stub.requests).toEqual([]);
    const { offer } = body as unknown as { offer: { brand: string; fares: object[] } };
    const agreed = { ...itinerary, brand: offer.brand, shown_fares: offer.fares };
    expect((await world.booked(service, 21, agreed)).amount_due).toBe(5_918 + 6_233);
  });

  it('is refused when it has become cheaper too, or when only the parts differ', async () => {
    const shown_fares = shownOf([1]);
    setFares(1, [saver({ base_fare_paise: 440_000 }), flex()]);
    expect((await world.create(service, 22, { shown_fares })).body).toMatchObject({
      differences: [{ item: 'total', difference: -105 }, { item: 'base_fare' }, { item: 'gst' }],
    });
    setFares(1, [saver({ base_fare_paise: 440_000, fuel_surcharge_paise: 60_000 }), flex()]);
    expect((await world.create(service, 22, { shown_fares })).body).toMatchObject({
      type: 'price-changed',
      differences: [{ item: 'base_fare' }, { item: 'fuel_surcharge' }],
    });
  });

  it('passes over what was shown of another brand', async () => {
    const shown_fares = shownOf([1]);
    setFares(1, [saver(), flex({ base_fare_paise: 999_000 })]);
    expect((await world.create(service, 23, { shown_fares })).status).toBe(201);
    expect((await world.create(service, 23, { shown_fares, brand: 'flex' })).status).toBe(409);
  });

  it('takes no seats of a cabin that was not shown, and the fare of the one that was', async () => {
    world.seats.cabins = ['business'];
    const shown_fares = shownOf([5], 'saver', 'business');
    const booking = await world.booked(service, 24, { flight_id: 5, shown_fares });
    expect(booking.amount_due).toBe((shown_fares[0]?.total.amount ?? 0) * 1);
    expect(world.seats.stub.requests[0]?.body).toMatchObject({
      cabins: [{ flight_id: 5, cabins: ['business'] }],
    });
  });

  it.each([
    [[], 'shown_fares'],
    [[{ flight_id: 1 }], 'shown_fares[0].total'],
    [[{ flight_id: 2, total: { amount: 1, currency: 'INR' } }], 'shown_fares'],
    [[{ flight_id: 1, brand: 'flex', total: { amount: 1, currency: 'INR' } }], 'shown_fares'],
    [Array(2).fill({ flight_id: 1, total: { amount: 1, currency: 'INR' } }), 'shown_fares'],
    [[{ flight_id: 1, total: { amount: 1, currency: 'USD' } }], 'shown_fares[0].total.currency'],
    [[{ flight_id: 1, total: { amount: 0.001, currency: 'INR' } }], 'shown_fares[0].total.amount'],
  ])('is refused with 400 for what nobody can have been shown: %j', async (shown_fares, field) => {
    const { status, body } = await world.create(service, 25, { shown_fares });
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('is refused for a cabin that the flight does not have', async () => {
    const shown_fares = shownOf([1], 'saver').map((fare) => ({ ...fare, cabin: 'business' }));
    expect(await world.create(service, 26, { shown_fares })).toMatchObject({
      status: 422,
      body: { type: 'fare-not-sold', cabin: 'business' },
    });
  });

  it('is made under a key that was refused before, once the new price is agreed to', async () => {
    const wish = { flight_id: 1, num_seats: 1 };
    const shown_fares = shownOf([1], 'saver');
    setFares(1, [saver({ base_fare_paise: 480_000 })]);
    const book = (body: object) =>
      world.keyed(service, { userId: 27 }, 'a-key', '/api/bookings/create', { ...wish, ...body });
    expect((await book({ shown_fares })).status).toBe(409);
    const agreed = { shown_fares: shownOf([1], 'saver') };
    const made = await book(agreed);
    expect([made.status, made.replayed]).toEqual([201, false]);
    setFares(1, [saver({ base_fare_paise: 490_000 })]);
    const again = await book(agreed);
    expect([again.replayed, again.body]).toEqual([true, made.body]);
    expect(await bookingsOf(27)).toBe(1);
  });
});

describe('many customers while a fare changes', () => {
  it('each pay the old fare or the new one as they were shown it, or are told of the difference', async () => {
    const old = [saver({ base_fare_paise: 450_000 })];
    const changed = [saver({ base_fare_paise: 470_000, fuel_surcharge_paise: 90_000 })];
    setFares(1, old);
    const shownBefore = shownOf([1]);
    setFares(1, changed);
    const shownAfter = shownOf([1]);
    setFares(1, old);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        if (index === 9) setFares(1, changed);
        const shown_fares = index % 2 === 0 ? shownBefore : shownAfter;
        const { status, body } = await world.create(service, 40 + index, { shown_fares, num_seats: 2 });
        return { status, body, shown: shown_fares[0] };
      }),
    );
    for (const { status, body, shown } of answers) {
      expect([201, 409]).toContain(status);
      if (status === 409) expect(body).toMatchObject({ type: 'price-changed' });
      else {
        expect(body.price_lines.slice(0, 2).map(({ amount }) => amount)).toEqual([
          2 * (shown?.base_fare.amount ?? 0),
          2 * (shown?.fuel_surcharge.amount ?? 0),
        ]);
        expect(sumOf(body.price_lines)).toBe(Math.round((shown?.total.amount ?? 0) * 200));
      }
    }
  });
});
