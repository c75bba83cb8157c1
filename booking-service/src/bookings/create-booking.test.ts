import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import {
  EXAMPLE_FARE_PAISE,
  exampleFare,
  exampleFlight,
  exampleSecondLeg,
} from '../testing/example-flights.js';
import { refusal } from '../testing/refusal.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  const business = exampleFare({ cabin: 'business', base_fare_paise: 2_000_000, gst_rate: 1_800 });
  world.flights.set(2, exampleSecondLeg({ flight_id: 2, flight_number: 'AI504' }));
  world.flights.set(3, exampleFlight({ flight_id: 3, status: 'CANCELLED' }));
  world.flights.set(
    4,
    exampleFlight({ flight_id: 4, departure_time: new Date(Date.now() - 1_000).toISOString() }),
  );
  world.flights.set(
    5,
    exampleFlight({ flight_id: 5, aircraft_type: '787-8', fares: [exampleFare(), business] }),
  );
  service = await world.service();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.seats.locked = true;
  world.seats.cabins = [];
  world.seats.stub.requests.length = 0;
});

/** The booking that was begun last, which a refusal does not tell. */
const lastBooking = async () =>
  world.database.row<{ booking_id: number; status: string; status_detail: string }>(
    'select booking_id, status, status_detail from bookings order by booking_id desc limit 1',
  );

describe('creating a booking', () => {
  it('answers with seats, price lines in rupees that add up, and the time to pay', async () => {
    const { status, body } = await world.create(service, 10, { user_id: 10, num_seats: 2 });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'PENDING',
      user_id: 10,
      amount_due: (2 * EXAMPLE_FARE_PAISE) / 100,
      currency: 'INR',
      seats: [
        { flight_id: 1, seat_number: '12A', cabin: 'economy', passenger_index: 0 },
        { flight_id: 1, seat_number: '12B', cabin: 'economy', passenger_index: 1 },
      ],
      flights: [
        { flight_id: 1, flight_number: 'AI503', source: { code: 'DEL' }, destination: { code: 'BLR' } },
      ],
    });
    expect(body.pnr).toMatch(/^[B-Z][B-Z2-9]{5}$/);
    const paise = body.price_lines.reduce((total, line) => total + Math.round(line.amount * 100), 0);
    expect(paise).toBe(2 * EXAMPLE_FARE_PAISE);
    const minutes = (Date.parse(body.expires_at ?? '') - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(9.8);
    expect(minutes).toBeLessThanOrEqual(10);
    expect(await world.historyOf(body.booking_id)).toEqual(['CREATED created', 'PENDING offered']);
  });

  it('lets the account holder stand for every seat when no passengers are named', async () => {
    const who = { userId: 11, name: 'Asha Sharma', email: 'asha@example.com' };
    const wish = { flight_id: 1, num_seats: 2 };
    const { body } = await world.request(service, who, 'POST', '/api/bookings/create', wish);
    expect(body['passengers']).toEqual(Array(2).fill({ name: 'Asha Sharma', email: 'asha@example.com' }));
  });

  it('keeps the passengers that are named', async () => {
    const passengers = [
      { name: 'Asha Sharma', age: 34, email: 'asha@example.com', phone: '+91 98765 43210' },
      { name: "Renée D'Souza-Núñez (Jr.)" },
    ];
    const booking = await world.booked(service, 12, { num_seats: 2, passengers });
    expect(booking.passengers).toEqual(passengers);
  });

  it('books two flights at once, with a price for each', async () => {
    const booking = await world.booked(service, 13, {
      flight_id: undefined,
      flight_ids: [1, 2],
      num_seats: 2,
    });
    expect(booking.seats.map((seat) => [seat.flight_id, seat.passenger_index])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
    expect(booking.amount_due).toBe((4 * EXAMPLE_FARE_PAISE) / 100);
    expect(world.seats.stub.requests[0]?.body).toMatchObject({
      flight_ids: [1, 2],
      num_seats: 2,
      user_id: 13,
    });
  });

  it('passes the lock on and asks seat-service for exactly as long as the booking lives', async () => {
    const booking = await world.booked(service, 14, { lock_id: 77 });
    expect(world.seats.stub.requests[0]?.body).toMatchObject({ lock_id: 77, expires_at: booking.expires_at });
  });

  it('takes a discount off and reckons tax on what is left', async () => {
    const booking = await world.booked(service, 15, { discount_code: 'fly50' });
    expect(booking.discount_code).toBe('FLY50');
    expect(booking.price_lines.find(({ kind }) => kind === 'discount')).toMatchObject({ amount: -2_500 });
    expect(booking.amount_due).toBe((EXAMPLE_FARE_PAISE - 250_000 - 12_500) / 100);
    expect(world.discounts.redemptions.get(booking.booking_id)).toBe('HELD');
  });

  it('reckons the discount on the cabin that was really reserved where a flight has several', async () => {
    world.seats.cabins = ['business'];
    const booking = await world.booked(service, 15, { flight_id: 5, discount_code: 'FLY50' });
    expect(booking.price_lines.find(({ kind }) => kind === 'discount')).toMatchObject({ amount: -10_250 });
  });
});

describe('a booking that cannot be made', () => {
  it('is refused without a live lock, names the missing step and leaves nothing behind', async () => {
    world.seats.locked = false;
    const { status, body } = await world.create(service, 20, { discount_code: 'FLY50' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'seats-not-locked', missing_step: 'lock' });
    const { booking_id: id, status: stored } = await lastBooking();
    expect(stored).toBe('CANCELLED');
    await eventually(() => world.discounts.redemptions.get(id) === 'RELEASED');
  });

  it('is refused for a discount that does not apply, without touching the seats that are locked', async () => {
    const { status, body } = await world.create(service, 21, { discount_code: 'NOPE' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: 'discount-not-applicable', reason: 'unknown', code: 'NOPE' });
    expect(world.seats.stub.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it.each(['张伟', 'محمد', '😀 Sharma', '42', '- -', 'Ash\ud800a', 'Ash; drop table bookings'])(
    'is refused for a passenger called %s, whom no ticket could carry',
    async (name) => {
      const { status, body } = await world.create(service, 24, { passengers: [{ name }] });
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'passengers[0].name' }] },
      });
    },
  );

  it('is refused without passengers when the account is in no Latin name, and made with them', async () => {
    const body = { flight_id: 1, num_seats: 1 };
    const holder = { userId: 25, name: 'محمد العربي' };
    const refused = await world.request(service, holder, 'POST', '/api/bookings/create', body);
    expect(refused).toMatchObject({ status: 422, body: { type: 'passengers-needed' } });
    const named = { ...body, passengers: [{ name: 'Zoë O’Brien-Łukasz' }] };
    const made = await world.request(service, holder, 'POST', '/api/bookings/create', named);
    expect(made.status).toBe(201);
  });

  it.each([
    [99, 404, 'flight-not-found'],
    [3, 409, 'flight-cancelled'],
    [4, 409, 'flight-departed'],
  ])('is refused for flight %i with %i %s', async (flightId, status, type) => {
    const answer = await world.create(service, 22, { flight_id: flightId });
    expect(answer).toMatchObject({ status, body: { type } });
  });

  const refusedBySeats = async (status: number, type: string, extensions: object = {}) => {
    const { stub } = world.seats;
    stub.on('PUT', '/internal/reservations/:id', () => refusal(status, type, extensions));
    const answer = await world.create(service, 23);
    stub.reset();
    await world.seats.start();
    return answer;
  };

  it.each([
    ['seats-unavailable', { flight_id: 1, seats: ['12A'] }],
    ['flight-cancelled', { flight_id: 1 }],
    ['flight-departed', { flight_id: 1 }],
  ])('passes on that seat-service says %s with %j', async (type, about) => {
    expect(await refusedBySeats(409, type, about)).toMatchObject({ status: 409, body: { type, ...about } });
  });

  it('is interrupted when its seats had been given back before they were reserved', async () => {
    const answer = await refusedBySeats(409, 'seats-lost', { booking_id: 1 });
    expect(answer).toMatchObject({ status: 503, body: { type: 'booking-interrupted' } });
  });

  it("does not read a refusal that it does not know as the customer's mistake", async () => {
    expect((await refusedBySeats(404, 'route-not-found')).status).toBe(500);
    const { status } = await lastBooking();
    expect(status).toBe('CANCELLED');
  });

  it.each([
    ['in the wrong order', [2, 1]],
    ['from another airport', [1, 6]],
    ['before the other has arrived', [1, 7]],
  ])('is refused for flights of which one leaves %s', async (_why, flightIds) => {
    world.flights.set(6, exampleSecondLeg({ flight_id: 6, source: exampleFlight().source }));
    const arrival = Date.parse(exampleFlight().arrival_time);
    world.flights.set(
      7,
      exampleSecondLeg({ flight_id: 7, departure_time: new Date(arrival - 60_000).toISOString() }),
    );
    const answer = await world.create(service, 22, { flight_id: undefined, flight_ids: flightIds });
    expect(answer).toMatchObject({
      status: 422,
      body: { type: 'flights-do-not-connect', flight_ids: flightIds },
    });
  });

  it('is never shown to its customer nor to other services', async () => {
    world.seats.locked = false;
    await world.create(service, 24);
    const { booking_id: id } = await lastBooking();
    const list = await world.request(service, { userId: 24 }, 'GET', '/api/bookings');
    expect(list.body).toEqual({ bookings: [], next_cursor: null });
    expect((await world.request(service, { userId: 24 }, 'GET', `/api/bookings/${id}`)).status).toBe(404);
    const internal = await world.request(
      service,
      { service: 'ticket-service' },
      'GET',
      `/internal/bookings/${id}`,
    );
    expect(internal.status).toBe(404);
  });

  it.each([
    [{ num_seats: 0 }, 'num_seats'],
    [{ num_seats: 10 }, 'num_seats'],
    [{ num_seats: '2' }, 'num_seats'],
    [{ num_seats: 1.5 }, 'num_seats'],
    [{ flight_id: -1 }, 'flight_id'],
    [{ flight_id: 2 ** 60 }, 'flight_id'],
    [{ flight_id: undefined }, 'flight_id'],
    [{ flight_ids: [1, 2] }, 'flight_id'],
    [{ flight_id: undefined, flight_ids: [1, 1] }, 'flight_ids'],
    [{ num_seats: 2, passengers: [{ name: 'Asha Sharma' }] }, 'passengers'],
    [{ passengers: [{ name: '' }] }, 'passengers[0].name'],
    [{ passengers: [{ name: 'nul\u0000l' }] }, 'passengers[0].name'],
    [{ passengers: [{ name: 'A'.repeat(101) }] }, 'passengers[0].name'],
    [{ passengers: [{ name: 'Asha', age: 121 }] }, 'passengers[0].age'],
    [{ passengers: [{ name: 'Asha', email: 'nobody' }] }, 'passengers[0].email'],
    [
      {
        num_seats: 2,
        passengers: [
          { name: 'Baby One', age: 0 },
          { name: 'Baby Two', age: 1 },
        ],
      },
      'passengers',
    ],
    [{ passengers: [{ name: 'Baby One', age: 1 }] }, 'passengers'],
    [
      {
        num_seats: 2,
        passengers: [
          { name: 'Baby One', age: 1 },
          { name: 'Child', age: 11 },
        ],
      },
      'passengers',
    ],
    [
      {
        num_seats: 3,
        passengers: [
          { name: 'A', age: 30 },
          { name: 'B', age: 0 },
          { name: 'C', age: 1 },
        ],
      },
      'passengers',
    ],
    [{ discount_code: "FLY50' or 1=1" }, 'discount_code'],
    [{ price: 1 }, 'price'],
  ])('is refused with 400 for %j', async (wish, field) => {
    const { status, body } = await world.create(service, 25, wish);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: 'invalid-request', errors: [{ field, in: 'body' }] });
  });

  it.each([
    [
      'an adult of twelve',
      [
        { name: 'Asha Sharma', age: 12 },
        { name: 'Baby One', age: 1 },
      ],
    ],
    ['somebody of no age given', [{ name: 'Asha Sharma' }, { name: 'Baby One', age: 0 }]],
    [
      'nobody, at two years',
      [
        { name: 'Child One', age: 2 },
        { name: 'Child Two', age: 11 },
      ],
    ],
  ])('takes children who travel with %s', async (_whom, passengers) => {
    expect((await world.create(service, 26, { num_seats: 2, passengers })).status).toBe(201);
  });

  it('is refused for another user, and without a token', async () => {
    expect(await world.create(service, 27, { user_id: 28 })).toMatchObject({
      status: 403,
      body: { type: 'user-mismatch' },
    });
    const nobody = await world.request(service, undefined, 'POST', '/api/bookings/create', {});
    expect(nobody.status).toBe(401);
  });

  it('takes back what it had taken when a neighbour fails half way', async () => {
    world.seats.stub.failNext(3);
    const { status } = await world.create(service, 29, { discount_code: 'FLY50' });
    expect(status).toBe(503);
    const { booking_id: id } = await lastBooking();
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
    await eventually(() => world.discounts.redemptions.get(id) === 'RELEASED');
    expect(await world.historyOf(id)).toEqual(['CREATED created', 'CANCELLED refused']);
  });
});

describe('a record locator that is taken', () => {
  it('is drawn again, and only a booking of its own gets it', async () => {
    const draws = ['BBBBBB', 'BBBBBB', 'CCCCCC'];
    const unlucky = await world.service({}, { newRecordLocator: () => draws.shift() ?? 'DDDDDD' });
    expect((await world.booked(unlucky, 30)).pnr).toBe('BBBBBB');
    expect((await world.booked(unlucky, 30)).pnr).toBe('CCCCCC');
  });
});
