import { FARE_ITEMS, flightDetails, type OfferedFare, sumPaise } from '@flight-booking/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayAhead, SearchWorld } from '../testing/search-world.js';
import { searchAnswer } from './search.schemas.js';

describe('search over HTTP', () => {
  const world = new SearchWorld();
  const query = { source: 'DEL', destination: 'BLR', date: dayAhead(1) };

  beforeAll(async () => {
    await world.start();
  });
  afterAll(() => world.stop());

  it('answers direct flights and connections as the contract has them, cheapest first', async () => {
    const answer = searchAnswer.parse(await world.search({ ...query, limit: 100 }));
    const stops = answer.itineraries.map((itinerary) => itinerary.stops);
    expect(stops).toContain(0);
    expect(stops).toContain(1);
    const prices = answer.itineraries.map((itinerary) => itinerary.price.amount);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    for (const { legs, itinerary_id: id, layovers } of answer.itineraries) {
      expect(id).toBe(legs.map((leg) => leg.flight_id).join('-'));
      expect(legs[0]).toMatchObject({ source: 'DEL' });
      expect(legs.at(-1)).toMatchObject({ destination: 'BLR' });
      expect(legs[0]?.departure_time).toMatch(new RegExp(`^${query.date}T.*\\+05:30$`));
      expect(layovers).toHaveLength(legs.length - 1);
      for (const layover of layovers) {
        expect(layover.slack_minutes).toBe(layover.minutes - layover.mct_minutes);
        expect(layover.slack_minutes).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('shows the price that the fare breakdown adds up to', async () => {
    const { itineraries } = await world.search({ ...query, limit: 5 });
    for (const { legs, price } of itineraries) {
      const ids = legs.map((leg: { flight_id: number }) => leg.flight_id).join(',');
      const { body } = await world.asService('GET', `/internal/flights?ids=${ids}`);
      const totals = flightDetails.parse(body).flights.map(({ fares }) => fares[0]?.total_paise ?? 0);
      expect(totals.reduce((sum, total) => sum + total, 0)).toBe(Math.round(price.amount * 100));
    }
  });

  it.each(['saver', 'flex'])(
    'sorts by the price of %s and shows every brand, part by part',
    async (brand) => {
      const { itineraries, fare_conditions } = await world.search({ ...query, brand, limit: 20 });
      const prices = itineraries.map(({ price }: { price: { amount: number } }) => price.amount);
      expect(prices).toEqual(prices.toSorted((a: number, b: number) => a - b));
      expect(fare_conditions).toMatchObject([
        { cabin: 'economy', brand: 'saver' },
        { cabin: 'economy', brand: 'flex' },
      ]);
      for (const { legs, offers, price } of itineraries) {
        expect(offers.map((offer: { brand: string }) => offer.brand)).toEqual(['saver', 'flex']);
        expect(offers[1].total.amount).toBeGreaterThan(offers[0].total.amount);
        for (const offer of offers) {
          const fares = legs.map((leg: { fares: { brand: string }[] }) =>
            leg.fares.find((fare) => fare.brand === offer.brand),
          );
          for (const item of FARE_ITEMS) {
            const paise = fares.map((fare: OfferedFare) => Math.round(fare[item].amount * 100));
            expect(sumPaise(paise)).toBe(Math.round(offer[item].amount * 100));
          }
          const [total, ...parts] = FARE_ITEMS.map((item) => Math.round(offer[item].amount * 100));
          expect(sumPaise(parts)).toBe(total);
          if (offer.brand === brand) expect(offer.total).toEqual(price);
        }
      }
    },
  );

  it('offers exactly the fares that the flight itself has', async () => {
    const { itineraries } = await world.search({ ...query, limit: 1, max_stops: 0 });
    const [leg] = itineraries[0].legs;
    const { body } = await world.asCustomer('GET', `/api/flights/${leg.flight_id}`);
    expect(leg.fares).toEqual(body.fares.filter(({ cabin }: { cabin: string }) => cabin === 'economy'));
  });

  it('finds direct flights only when no stop is allowed, and more with two than with one', async () => {
    const counts = [];
    for (const stops of [0, 1, 2]) {
      const { itineraries } = await world.search({ ...query, max_stops: stops, limit: 100 });
      expect(Math.max(...itineraries.map((itinerary: { stops: number }) => itinerary.stops))).toBe(stops);
      counts.push(itineraries.length);
    }
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  it('gives arrivals by the clocks of the destination', async () => {
    const { itineraries } = await world.search({ source: 'DEL', destination: 'KTM', date: dayAhead(1) });
    expect(itineraries[0].legs[0].arrival_time).toMatch(/\+05:45$/);
  });

  it('sells business class on the flights that have it', async () => {
    const { itineraries } = await world.search({
      source: 'DEL',
      destination: 'JFK',
      date: dayAhead(1),
      cabin: 'business',
      max_stops: 0,
    });
    expect(itineraries[0].legs[0].available_seats).toBe(18);
    const regional = {
      source: 'DEL',
      destination: 'KUU',
      date: dayAhead(1),
      cabin: 'business',
      max_stops: 0,
    };
    expect((await world.search(regional)).itineraries).toEqual([]);
  });

  it.each(['price', 'duration', 'departure', 'best'])(
    'pages through the order by %s without repeating or skipping',
    async (sort) => {
      const all = await world.search({ ...query, sort, limit: 100 });
      const ids: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: typeof all = await world.search({
          ...query,
          sort,
          limit: 3,
          ...(cursor !== '' && { cursor }),
        });
        ids.push(...page.itineraries.map((itinerary: { itinerary_id: string }) => itinerary.itinerary_id));
        cursor = page.next_cursor;
      }
      expect(ids).toEqual(
        all.itineraries.map((itinerary: { itinerary_id: string }) => itinerary.itinerary_id),
      );
    },
  );

  it('answers an empty list for a date that has passed or lies beyond the timetable', async () => {
    for (const date of ['2020-02-29', dayAhead(-1), '9999-12-31', '0001-01-01']) {
      expect(await world.search({ ...query, date })).toEqual({
        itineraries: [],
        fare_conditions: [],
        next_cursor: null,
      });
    }
  });

  it('finds the first flight on its day', async () => {
    const { body: flight } = await world.asCustomer('GET', '/api/flights/1');
    const { itineraries } = await world.search({ ...query, date: flight.departure_time.slice(0, 10) });
    expect(itineraries.map((itinerary: { itinerary_id: string }) => itinerary.itinerary_id)).toContain('1');
  });

  it.each([
    [{ source: 'XXX' }, 'source'],
    [{ source: 'DELHI' }, 'source'],
    [{ source: "DEL' OR 1=1" }, 'source'],
    [{ destination: '' }, 'destination'],
    [{ destination: 'DEL' }, 'destination'],
    [{ date: '2027-02-29' }, 'date'],
    [{ date: 'tomorrow' }, 'date'],
    [{ date: '2027-2-3' }, 'date'],
    [{ passengers: '0' }, 'passengers'],
    [{ passengers: '10' }, 'passengers'],
    [{ passengers: '-1' }, 'passengers'],
    [{ passengers: '1.5' }, 'passengers'],
    [{ max_stops: '3' }, 'max_stops'],
    [{ cabin: 'first' }, 'cabin'],
    [{ sort: 'cheapest' }, 'sort'],
    [{ airlines: '6E,ZZ' }, 'airlines[1]'],
    [{ airlines: '' }, 'airlines[0]'],
    [{ departure_window: '06:00' }, 'departure_window'],
    [{ departure_window: '24:00-06:00' }, 'departure_window'],
    [{ arrival_window: '06:00-06:00' }, 'arrival_window'],
    [{ max_price: '-1' }, 'max_price'],
    [{ max_price: '1e9' }, 'max_price'],
    [{ max_layover_minutes: '1441' }, 'max_layover_minutes'],
    [{ limit: '0' }, 'limit'],
    [{ limit: '101' }, 'limit'],
    [{ cursor: 'nonsense' }, 'cursor'],
    [{ cursor: 'x'.repeat(5000) }, 'cursor'],
    [{ colour: 'red' }, 'colour'],
    [{ __proto__: null, constructor: 'x' }, 'constructor'],
  ])('refuses %o and names %s', async (change, field) => {
    const text = new URLSearchParams({ ...query, ...(change as Record<string, string>) });
    const { status, body } = await world.asCustomer('GET', `/api/flights/search?${text}`);
    expect(status).toBe(400);
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
  });

  it('refuses a cursor of another order, and names every missing field at once', async () => {
    const { next_cursor: cursor } = await world.search({ ...query, limit: 1 });
    const text = new URLSearchParams({ ...query, sort: 'duration', cursor });
    const { body } = await world.asCustomer('GET', `/api/flights/search?${text}`);
    expect(body.errors).toMatchObject([{ field: 'cursor' }]);
    const missing = await world.asCustomer('GET', '/api/flights/search');
    expect(missing.status).toBe(400);
    expect(missing.body.errors).toMatchObject([
      { field: 'source' },
      { field: 'destination' },
      { field: 'date' },
    ]);
  });

  it('refuses those without a token', async () => {
    const text = new URLSearchParams(query);
    const response = await fetch(
      `http://127.0.0.1:${world.underTest.service.port}/api/flights/search?${text}`,
    );
    expect(response.status).toBe(401);
  });

  it('looks airports up by code, city and name', async () => {
    const codes = async (text: string) =>
      (await world.asCustomer('GET', `/api/airports?q=${encodeURIComponent(text)}`)).body.airports.map(
        (airport: { code: string }) => airport.code,
      );
    expect((await codes('del'))[0]).toBe('DEL');
    expect(await codes('Goa')).toEqual(expect.arrayContaining(['GOI', 'GOX']));
    expect(await codes('heathrow')).toEqual(['LHR']);
    expect(await codes('male')).toContain('MLE');
    expect(await codes('nowhere at all')).toEqual([]);
    expect(await codes("' or 1=1 --")).toEqual([]);
    const { body } = await world.asCustomer('GET', '/api/airports?limit=2');
    expect(body.airports).toHaveLength(2);
    expect((await world.asCustomer('GET', '/api/airports?limit=1000')).status).toBe(400);
    expect((await world.asCustomer('GET', '/api/airports?q=%00')).status).toBe(400);
  });
});
