import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayAhead, lonelyFlight, SearchWorld } from '../testing/search-world.js';
import { calendarAnswer } from './calendar.schemas.js';
import { roundTripAnswer } from './round-trip.schemas.js';
import { searchAnswer } from './search.schemas.js';

describe('searches that take a look at more than a page', () => {
  const world = new SearchWorld();
  const query = { source: 'DEL', destination: 'BLR', date: dayAhead(1) };
  const refused = async (path: string) => {
    const { status, body } = await world.asCustomer('GET', path);
    expect(status).toBe(400);
    return body.errors.map((error: { field: string }) => error.field);
  };

  beforeAll(async () => {
    await world.start();
  });
  afterAll(() => world.stop());

  /** How many itineraries a search has, counted page by page. */
  async function countOf(filters: Record<string, string | number>): Promise<number> {
    let count = 0;
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { itineraries: unknown[]; next_cursor: string | null } = await world.search({
        ...query,
        ...filters,
        limit: 100,
        ...(cursor !== '' && { cursor }),
      });
      count += page.itineraries.length;
      cursor = page.next_cursor;
    }
    return count;
  }

  it.each<Record<string, string | number>>([
    {},
    { airlines: '6E,AI', departure_window: '05:00-17:00' },
    { max_price: 12_000, max_stops: 0 },
  ])('counts for each filter what applying it gives, when %o is asked for', async (filters) => {
    const answer = searchAnswer.parse(await world.search({ ...query, ...filters, facets: 'true', limit: 1 }));
    const { total, ...facets } = answer.facets!;
    expect(total).toBe(await countOf(filters));
    for (const [filter, values] of Object.entries(facets)) {
      for (const { value, count } of values)
        expect(count, `${filter}=${value}`).toBe(await countOf({ ...filters, [filter]: value }));
    }
  });

  it('shows the page of a search without counts', async () => {
    const { facets, ...page } = await world.search({ ...query, facets: 'true', limit: 3 });
    expect(facets.total).toBeGreaterThan(3);
    expect(page).toEqual(await world.search({ ...query, limit: 3 }));
  });

  it('gives each day of a month the price of the first itinerary that its search finds', async () => {
    const month = query.date.slice(0, 7);
    const path = `/api/flights/calendar?source=DEL&destination=BLR&month=${month}&max_stops=2&passengers=2`;
    const { days } = calendarAnswer.parse((await world.asCustomer('GET', path)).body);
    const [year, number] = month.split('-').map(Number) as [number, number];
    expect(days).toHaveLength(new Date(Date.UTC(year, number, 0)).getUTCDate());
    for (const { date, price, itinerary_id } of days) {
      const { itineraries } = await world.search({ ...query, date, max_stops: 2, passengers: 2, limit: 1 });
      expect([price, itinerary_id]).toEqual([
        itineraries[0]?.price ?? null,
        itineraries[0]?.itinerary_id ?? null,
      ]);
    }
    expect(days.find(({ date }) => date === query.date)?.price).not.toBeNull();
  });

  it('pages through both directions of a round trip, each by its own cursor', async () => {
    const roundTrip = { ...query, return_date: dayAhead(2), limit: 7 };
    const first = roundTripAnswer.parse(await world.search(roundTrip));
    const back = { source: 'BLR', destination: 'DEL', date: dayAhead(2) };
    const sum = (pages: { price: { amount: number } }[]) =>
      Math.round(pages.reduce((total, { price }) => total + price.amount * 100, 0));
    expect(first.outbound).toEqual(await world.search({ ...query, limit: 7 }));
    expect(first.inbound).toEqual(await world.search({ ...back, limit: 7 }));
    const cheapest = [first.outbound.itineraries[0]!, first.inbound.itineraries[0]!];
    expect(Math.round(first.total!.amount * 100)).toBe(sum(cheapest));
    expect(first.cheapest).toEqual({
      outbound: cheapest[0]!.itinerary_id,
      inbound: cheapest[1]!.itinerary_id,
    });

    const cursors = { cursor: first.outbound.next_cursor!, return_cursor: first.inbound.next_cursor! };
    const second = roundTripAnswer.parse(await world.search({ ...roundTrip, ...cursors }));
    expect(second.outbound).toEqual(await world.search({ ...query, limit: 7, cursor: cursors.cursor }));
    expect(second.inbound).toEqual(await world.search({ ...back, limit: 7, cursor: cursors.return_cursor }));
    expect(second.total).toEqual(first.total);
  });

  it('shows nobody a way back that leaves before they are there', async () => {
    const { inbound } = await world.search({ ...query, return_date: query.date, max_stops: 0, limit: 100 });
    const { itineraries } = await world.search({ ...query, max_stops: 0, limit: 100 });
    const arrivals = itineraries.map(({ legs }: { legs: { arrival_time: string }[] }) =>
      Date.parse(legs[0]!.arrival_time),
    );
    const departures = inbound.itineraries.map(({ legs }: { legs: { departure_time: string }[] }) =>
      Date.parse(legs[0]!.departure_time),
    );
    expect(Math.min(...departures)).toBeGreaterThanOrEqual(Math.min(...arrivals) + 2 * 60 * 60 * 1000);
  });

  it('has no round trip where there is no way back', async () => {
    const answer = await world.search({ ...query, return_date: '9999-12-31' });
    const none = { itineraries: [], next_cursor: null, fare_conditions: [] };
    expect(answer).toMatchObject({ outbound: none, inbound: none, cheapest: null, total: null });
  });

  it('soon has a flight in every answer that it comes into', async () => {
    const there = lonelyFlight();
    const back = lonelyFlight({
      flight_number: '6E 9002',
      source: there.destination,
      destination: there.source,
      departure_time: `${dayAhead(40)}T17:00:00+05:30`,
      arrival_time: `${dayAhead(40)}T21:00:00+05:30`,
    });
    const route = { source: there.source, destination: there.destination };
    const month = new URLSearchParams({ ...route, month: dayAhead(40).slice(0, 7) });
    const shown = async () => {
      const search = { ...route, date: dayAhead(40) };
      const { body } = await world.asCustomer('GET', `/api/flights/calendar?${month}`);
      const { facets } = await world.search({ ...search, facets: 'true' });
      const { total } = await world.search({ ...search, return_date: dayAhead(40) });
      const days = calendarAnswer.parse(body).days.filter(({ price }) => price !== null);
      return [days.map(({ date }) => date), facets.total, total !== null];
    };
    expect(await shown()).toEqual([[], 0, false]);
    const added = [
      await world.asAdmin('POST', '/api/flights', there),
      await world.asAdmin('POST', '/api/flights', back),
    ];
    expect(added.map(({ status }) => status)).toEqual([201, 201]);
    await expect.poll(shown).toEqual([[dayAhead(40)], 1, true]);
    const path = `/api/flights/${added[1]!.body.flight_id}/cancel`;
    expect((await world.asAdmin('POST', path, { reason: 'Fog' })).status).toBe(200);
    await expect.poll(shown).toEqual([[dayAhead(40)], 1, false]);
    await world.tellAvailability(added[0]!.body.flight_id, 0, 1);
    await expect.poll(shown).toEqual([[], 0, false]);
  });

  it('refuses what makes no round trip, and counts for two directions at once', async () => {
    const search = (change: Record<string, string>) =>
      refused(`/api/flights/search?${new URLSearchParams({ ...query, ...change })}`);
    const { next_cursor: cursor } = await world.search({ ...query, limit: 1 });
    expect(await search({ return_date: dayAhead(0) })).toEqual(['return_date']);
    expect(await search({ return_cursor: cursor })).toEqual(['return_cursor']);
    expect(await search({ return_date: query.date, return_cursor: cursor, sort: 'best' })).toEqual([
      'return_cursor',
    ]);
    expect(await search({ return_date: query.date, facets: 'true' })).toEqual(['facets']);
    expect(await search({ facets: 'yes' })).toEqual(['facets']);
  });

  it.each([
    ['month=2027-13', 'month'],
    ['month=2027-1', 'month'],
    ['month=2027-01&max_stops=3', 'max_stops'],
    ['month=2027-01&passengers=0', 'passengers'],
    ['month=2027-01&colour=red', 'colour'],
  ])('refuses a calendar of %s and names %s', async (rest, field) => {
    expect(await refused(`/api/flights/calendar?source=DEL&destination=BLR&${rest}`)).toEqual([field]);
  });
});
