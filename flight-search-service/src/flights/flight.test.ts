import { flightDetails } from '@flight-booking/contracts';
import { patiently } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayAhead, lonelyFlight, SearchWorld, TestClock } from '../testing/search-world.js';
import { flightAnswer } from './flight.schemas.js';

describe('flights over HTTP', () => {
  const clock = new TestClock();
  const world = new SearchWorld(clock);
  let number = 8000;

  beforeAll(async () => {
    await world.start();
  });
  afterAll(() => world.stop());

  const add = (more: Record<string, unknown> = {}) => {
    number += 1;
    return world.asAdmin('POST', '/api/flights', lonelyFlight({ flight_number: `6E ${number}`, ...more }));
  };
  const added = async (more = {}): Promise<number> => (await add(more)).body.flight_id;
  const get = (id: number | string) => world.asCustomer('GET', `/api/flights/${id}`);
  const cancel = async (id: number | string, reason: object = {}) => {
    const { status, body } = await world.asAdmin('POST', `/api/flights/${id}/cancel`, reason);
    return { status, body };
  };

  describe('one flight', () => {
    it('has the live availability that seat-service counts, locks included', async () => {
      world.liveAvailability({ economy: 171 });
      const { status, body } = await get(1);
      expect(status).toBe(200);
      expect(flightAnswer.parse(body)).toMatchObject({
        availability: 'live',
        available_seats: { economy: 171 },
      });
    });

    it('has the stored count, and says so, when seat-service fails, is not understood or does not answer', async () => {
      for (const status of [500, 404]) {
        world.seat.failNext(1, status);
        expect((await get(1)).body).toMatchObject({
          availability: 'recent',
          available_seats: { economy: 180 },
        });
      }
      world.seat.hang();
      const startedAt = performance.now();
      expect((await get(1)).body.availability).toBe('recent');
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      world.seat.resume();
    });

    it('is not what stuck work is shown under', async () => {
      const { status, body } = await world.asAdmin('GET', '/api/flights/stuck-jobs');
      expect([status, body.stuck_jobs]).toEqual([200, []]);
      expect((await get('stuck-jobs')).status).toBe(403);
    });

    it('is 404 when it does not exist and 400 when its id is not one', async () => {
      expect((await get(987_654_321)).body).toMatchObject({ status: 404, type: 'flight-not-found' });
      for (const id of ['0', '-1', 'abc', '1.5', '99999999999999999999', '%00', '1%27']) {
        expect((await get(id)).status).toBe(400);
      }
    });
  });

  describe('adding a flight', () => {
    it('answers it as customers will see it, priced with taxes and charges', async () => {
      const { status, body } = await add({
        airline: 'ai',
        flight_number: 'ai77',
        aircraft_type: '787-8',
        fares: { economy: { base_fare: 4500, fuel_surcharge: 500 }, business: { base_fare: 20_000.5 } },
      });
      expect(status).toBe(201);
      expect(flightAnswer.parse(body)).toMatchObject({
        flight_number: 'AI 77',
        airline: { code: 'AI', name: 'Air India' },
        departure_time: `${dayAhead(40)}T10:00:00+05:30`,
        duration_minutes: 240,
        available_seats: { economy: 238, business: 18 },
        fares: [
          {
            flight_id: body.flight_id,
            cabin: 'economy',
            brand: 'saver',
            gst: { amount: 250 },
            total: { amount: 5918, currency: 'INR' },
          },
          { cabin: 'economy', brand: 'flex', base_fare: { amount: 5630 }, total: { amount: 7104.5 } },
          { cabin: 'business', brand: 'saver', fuel_surcharge: { amount: 0 }, gst: { amount: 3600.1 } },
          { cabin: 'business', brand: 'flex', fuel_surcharge: { amount: 0 } },
        ],
        fare_conditions: [
          { cabin: 'economy', brand: 'saver', refundable: true },
          {
            cabin: 'economy',
            brand: 'flex',
            cancellation: { fees: [{ hours_before: 24, percent: 0 }, {}, {}] },
          },
          { cabin: 'business', brand: 'saver' },
          { cabin: 'business', brand: 'flex' },
        ],
      });
      expect((await get(body.flight_id)).body.flight_number).toBe('AI 77');
    });

    it('refuses the same number on the same day', async () => {
      const flightNumber = { flight_number: '6E 7777' };
      expect((await add(flightNumber)).status).toBe(201);
      expect((await add(flightNumber)).body).toMatchObject({ status: 409, type: 'flight-exists' });
    });

    it('refuses a departure that nobody sells by a name of its own', async () => {
      const day = dayAhead(-1);
      const times = { departure_time: `${day}T10:00:00+05:30`, arrival_time: `${day}T14:00:00+05:30` };
      expect((await add(times)).body).toMatchObject({
        status: 400,
        type: 'departure-not-on-sale',
        errors: [{ field: 'departure_time', in: 'body' }],
      });
    });

    it.each([
      [{ airline: 'ZZ' }, 'airline'],
      [{ flight_number: 'AI 10' }, 'flight_number'],
      [{ flight_number: '6E 0' }, 'flight_number'],
      [{ source: 'XXX' }, 'source'],
      [{ destination: 'IXZ' }, 'destination'],
      [{ departure_time: '2027-01-01' }, 'departure_time'],
      [{ departure_time: `${dayAhead(40)}T10:00:30+05:30` }, 'departure_time'],
      [
        { departure_time: `${dayAhead(-1)}T10:00:00+05:30`, arrival_time: `${dayAhead(-1)}T14:00:00+05:30` },
        'departure_time',
      ],
      [
        {
          departure_time: `${dayAhead(900)}T10:00:00+05:30`,
          arrival_time: `${dayAhead(900)}T14:00:00+05:30`,
        },
        'departure_time',
      ],
      [{ arrival_time: `${dayAhead(40)}T10:00:00+05:30` }, 'arrival_time'],
      [{ arrival_time: `${dayAhead(42)}T10:00:00+05:30` }, 'arrival_time'],
      [{ aircraft_type: 'A380' }, 'aircraft_type'],
      [{ aircraft_type: '787-8' }, 'fares.business'],
      [{ fares: { economy: { base_fare: 1 }, business: { base_fare: 1 } } }, 'fares.business'],
      [{ fares: { economy: { base_fare: 0 } } }, 'fares.economy.base_fare'],
      [{ fares: { economy: { base_fare: 1e9 } } }, 'fares.economy.base_fare'],
      [{ fares: { economy: { base_fare: 1, fuel_surcharge: -1 } } }, 'fares.economy.fuel_surcharge'],
      [{ seats: 5 }, 'seats'],
    ])('refuses %o and names %s', async (change, field) => {
      const { status, body } = await add(change);
      expect(status).toBe(400);
      expect(body.errors[0].field).toBe(field);
    });

    it('and cancelling are for admins', async () => {
      expect((await world.asCustomer('POST', '/api/flights', lonelyFlight())).status).toBe(403);
      expect((await world.asCustomer('POST', '/api/flights/1/cancel', {})).status).toBe(403);
      expect((await world.asService('POST', '/api/flights/1/cancel', {})).status).toBe(403);
    });
  });

  describe('cancelling a flight', () => {
    const eventsFor = (stub: typeof world.seat, id: number) =>
      stub.requests
        .filter(({ path }) => path === '/internal/events')
        .map(({ body }) => body as { type: string; data: { flight_id: number } })
        .filter(({ data }) => data.flight_id === id);

    it('tells seat-service and booking-service once, and answers the same when asked again', async () => {
      const id = await added();
      const first = await cancel(id, { reason: 'Fog' });
      expect(first).toMatchObject({ status: 200, body: { status: 'CANCELLED', cancel_reason: 'Fog' } });
      const again = await Promise.all([cancel(id, { reason: 'Snow' }), cancel(id)]);
      for (const answer of again) expect(answer).toEqual(first);
      const told = { type: 'flight.cancelled', data: { flight_id: id, reason: 'Fog' } };
      await patiently(() => {
        expect(eventsFor(world.seat, id)).toMatchObject([told]);
        expect(eventsFor(world.booking, id)).toMatchObject([told]);
      });
    });

    it('by two admins at once tells each once', async () => {
      const id = await added();
      const answers = await Promise.all([cancel(id, { reason: 'One' }), cancel(id, { reason: 'Two' })]);
      expect(answers[0]).toEqual(answers[1]);
      await patiently(() => expect(eventsFor(world.booking, id)).toHaveLength(1));
    });

    it('is refused once it has departed, and for a flight that does not exist', async () => {
      const id = await added();
      const before = clock.now();
      clock.moveTo(new Date(`${dayAhead(40)}T10:00:00+05:30`));
      expect((await cancel(id)).body).toMatchObject({ status: 409, type: 'flight-departed' });
      clock.moveTo(before);
      expect((await cancel(987_654_321)).status).toBe(404);
      expect((await cancel('x')).status).toBe(400);
      expect((await cancel(id, { reason: '' })).status).toBe(400);
      expect((await cancel(id, { reason: 'a\u0000b' })).status).toBe(400);
    });
  });

  describe('flights for other services', () => {
    it('come as the contract has them, cancelled ones too, and unknown ids are absent', async () => {
      const id = await added();
      await cancel(id);
      const { status, body } = await world.asService('GET', `/internal/flights?ids=1,${id},987654321`);
      expect(status).toBe(200);
      const { flights } = flightDetails.parse(body);
      expect(flights).toMatchObject([
        {
          flight_id: 1,
          status: 'SCHEDULED',
          airline: { accounting_code: '098' },
          source: { gst_state_code: '07' },
        },
        { flight_id: id, status: 'CANCELLED' },
      ]);
      expect(flights[0]?.fares).toMatchObject([
        {
          cabin: 'economy',
          brand: 'saver',
          base_fare_paise: 450_000,
          fuel_surcharge_paise: 50_000,
          gst_rate: 500,
          gst_paise: 25_000,
          user_development_fee_paise: 43_200,
          aviation_security_fee_paise: 23_600,
          total_paise: 591_800,
          conditions: { cancellation: { look_in: { hours: 48, notice_days: 7 } } },
        },
        { cabin: 'economy', brand: 'flex', base_fare_paise: 563_000, total_paise: 710_450 },
      ]);
    });

    it('are not for customers, and refuse what is not a list of ids', async () => {
      expect((await world.asCustomer('GET', '/internal/flights?ids=1')).status).toBe(403);
      for (const ids of ['', 'a', '1,,2', '1;2', '0']) {
        expect((await world.asService('GET', `/internal/flights?ids=${ids}`)).status).toBe(400);
      }
    });
  });
});
