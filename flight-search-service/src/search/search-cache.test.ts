import { createTestRedis, patiently, type TestRedis } from '@flight-booking/local-stack/testing';
import { createLogger, RedisStore, type Service } from '@flight-booking/platform';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytesTaken, listLengths } from '../testing/redis-contents.js';
import { dayAhead, lonelyFlight, SearchWorld, TestClock } from '../testing/search-world.js';
import { SearchCache, type CacheRead, type DayKey } from './search-cache.js';

const DAY = 20_800;
const KEY = { day: DAY, query: 'DEL:BLR' };
const FLIGHT = 7;
const LONG_MS = 60_000;
const BRIEF_MS = 80;
const MAX_BYTES = 500_000;

describe('the search cache', () => {
  let redis: TestRedis;
  let store: RedisStore;
  let cache: SearchCache;

  beforeEach(async () => {
    redis = await createTestRedis();
    const logger = createLogger('test', 'silent');
    store = new RedisStore(redis.url, logger);
    await store.start();
    cache = new SearchCache(store, { maxAgeMs: LONG_MS, maxBytes: MAX_BYTES }, logger);
  });
  afterEach(async () => {
    await cache.stop();
    await store.stop();
    await redis.release();
  });

  const seenOf = (read: CacheRead) => {
    if (read.answer !== undefined || read.seen === undefined) throw new Error('A miss was expected.');
    return read.seen;
  };
  const storeAs = async (key: DayKey, answer = 'stored', ttlMs = LONG_MS) =>
    cache.store(key, seenOf(await cache.read(key)), answer, new Set([FLIGHT]), ttlMs);
  const storeNow = (answer = 'stored', ttlMs = LONG_MS) => storeAs(KEY, answer, ttlMs);
  const other = (number: number): DayKey => ({ day: DAY, query: `DEL:BLR:${number}` });
  const change = (reach: 'own' | 'others', departureDay = DAY, flightId = FLIGHT) =>
    cache.flightsChanged([{ flightId, reach, departureDays: [departureDay] }]);
  const cached = async () => (await cache.read(KEY)).answer;

  it('gives back what was stored', async () => {
    expect(await cached()).toBeUndefined();
    await storeNow();
    expect(await cached()).toBe('stored');
  });

  it('drops an answer when a flight in it changes, also as a later leg days on', async () => {
    for (const departureDay of [DAY, DAY + 3, DAY - 1]) {
      await storeNow();
      await change('own', departureDay);
      expect(await cached()).toBeUndefined();
    }
  });

  it('keeps an answer when seats of a flight that is not in it are taken', async () => {
    await storeNow();
    await change('own', DAY, FLIGHT + 1);
    expect(await cached()).toBe('stored');
  });

  it('drops all answers of a day when a flight may come into them, and none of other days', async () => {
    await storeNow();
    await change('others', DAY + 30, FLIGHT + 1);
    expect(await cached()).toBe('stored');
    await change('others', DAY + 1, FLIGHT + 1);
    expect(await cached()).toBeUndefined();
  });

  it.each(['own', 'others'] as const)(
    'does not store an answer that was begun before a change of reach %s',
    async (reach) => {
      const seen = seenOf(await cache.read(KEY));
      await change(reach);
      await cache.store(KEY, seen, 'stale', new Set([FLIGHT]), LONG_MS);
      expect(await cached()).toBeUndefined();
      await storeNow('fresh');
      expect(await cached()).toBe('fresh');
    },
  );

  it('lets an answer die at its time', async () => {
    await storeNow('brief', BRIEF_MS);
    expect(await cached()).toBe('brief');
    await patiently(async () => expect(await cached()).toBeUndefined());
  });

  it('lists for a flight that is still asked about no answers that are dead', async () => {
    for (let number = 0; number < 20; number += 1) await storeAs(other(number), 'brief', BRIEF_MS);
    await storeNow();
    await patiently(async () => expect((await cache.read(other(19))).answer).toBeUndefined());
    await storeAs(other(20));
    expect(await listLengths(redis.url)).toEqual([2]);
  });

  it('drops an answer that outlives those listed after it', async () => {
    await storeNow();
    await storeAs(other(1), 'brief', BRIEF_MS);
    await patiently(async () => expect((await cache.read(other(1))).answer).toBeUndefined());
    expect(await cached()).toBe('stored');
    await change('own');
    expect(await cached()).toBeUndefined();
  });

  it('forgets the list of a flight when its last answer dies', async () => {
    await storeNow('brief', BRIEF_MS);
    await patiently(async () => expect(await listLengths(redis.url)).toEqual([]));
  });

  const large = 'x'.repeat(40_000);
  const storeLarge = async (ttlMs: number) => {
    for (let number = 0; number < 30; number += 1) await storeAs(other(number), large, ttlMs);
  };
  const largeOnes = async () => {
    const reads = Array.from({ length: 30 }, (_, number) => cache.read(other(number)));
    return (await Promise.all(reads)).flatMap(({ answer }) => answer ?? []);
  };

  it('has only so much in Redis at a time, however much it is asked', async () => {
    await storeLarge(LONG_MS);
    expect(await largeOnes()).toEqual(Array(9).fill(large));
    expect(await bytesTaken(redis.url)).toBeLessThanOrEqual(MAX_BYTES);
    await change('own');
    await storeNow(large);
    expect(await cached()).toBeUndefined();
  });

  it('has room again when what it stored is dead, or was not stored at all', async () => {
    await storeLarge(1_500);
    for (let alive = Infinity; alive > 0;) {
      const { size } = cache;
      alive = (await largeOnes()).length;
      expect(size).toBeGreaterThanOrEqual(alive * large.length);
    }
    await patiently(() => expect(cache.size).toBe(0));
    const seen = seenOf(await cache.read(KEY));
    await change('own');
    await cache.store(KEY, seen, 'x'.repeat(350_000), new Set([FLIGHT]), LONG_MS);
    await patiently(() => expect(cache.size).toBe(0));
    await storeLarge(LONG_MS);
    expect(await largeOnes()).toHaveLength(9);
  });

  it('believes nothing that it may have failed to drop while Redis was away', async () => {
    await cache.daysChanged(new Set([DAY]));
    await storeNow();
    await store.stop();
    await change('own');
    expect(await cached()).toBeUndefined();
    await store.start();
    const read = await patiently(async () => {
      const latest = await cache.read(KEY);
      seenOf(latest);
      return latest;
    });
    expect(read.answer).toBeUndefined();
    await storeNow('fresh');
    expect(await cached()).toBe('fresh');
  });
});

describe('cached searches', () => {
  const clock = new TestClock();
  const world = new SearchWorld(clock);
  const query = { source: 'IXZ', destination: 'JSA', date: dayAhead(40) };
  let number = 9000;

  beforeAll(async () => {
    await world.start();
  });
  afterAll(() => world.stop());

  const add = async (more: Record<string, unknown> = {}): Promise<number> => {
    number += 1;
    const { status, body } = await world.asAdmin(
      'POST',
      '/api/flights',
      lonelyFlight({ flight_number: `6E ${number}`, ...more }),
    );
    expect(status).toBe(201);
    await eventuallyFound(body.flight_id, true);
    return body.flight_id;
  };
  const found = async (more = {}): Promise<{ id: string; seats: number }[]> =>
    (await world.search({ ...query, ...more })).itineraries.map(
      (itinerary: { itinerary_id: string; legs: { available_seats: number }[] }) => ({
        id: itinerary.itinerary_id,
        seats: itinerary.legs[0]?.available_seats,
      }),
    );
  const eventuallyFound = (id: number, is: boolean, more = {}) =>
    patiently(async () => expect((await found(more)).some((one) => one.id === String(id))).toBe(is));
  const outcomes = (outcome: string, instance?: Service): Promise<number> =>
    world.metric(`search_cache_total\\{.*outcome="${outcome}".*\\}`, instance);
  const memoryHits = (instance?: Service): Promise<number> =>
    world.metric('search_memory_hits_total(?:\\{.*\\})?', instance);

  it('computes once however many ask at once, and answers the next from memory', async () => {
    const missesBefore = await outcomes('miss');
    const asked = { ...query, date: dayAhead(45) };
    const answers = await Promise.all(Array.from({ length: 30 }, () => world.search(asked)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const computed = (await outcomes('miss')) - missesBefore;
    expect(computed).toBe(1);
    const hitsBefore = await memoryHits();
    await world.search(asked);
    expect(await memoryHits()).toBe(hitsBefore + 1);
    expect(await outcomes('miss')).toBe(missesBefore + 1);
  });

  it('gives another copy an answer through Redis once, and lets it make its own when that is asked for again', async () => {
    const copy = await world.underTest.startInstance();
    const asked = { ...query, date: dayAhead(46) };
    const first = await world.search(asked);
    const seenBefore = await outcomes('hit', copy);
    await patiently(async () => {
      expect(await world.search(asked, copy)).toEqual(first);
      expect(await outcomes('hit', copy)).toBe(seenBefore + 1);
    });
    const [misses, hits] = [await outcomes('miss', copy), await memoryHits(copy)];
    const [second, third] = [await world.search(asked, copy), await world.search(asked, copy)];
    expect([second, third]).toEqual([first, first]);
    expect(await outcomes('hit', copy)).toBe(seenBefore + 1);
    expect(await outcomes('miss', copy)).toBeLessThanOrEqual(misses + 1);
    expect(await memoryHits(copy)).toBeGreaterThan(hits);
    await world.underTest.stopInstance(copy);
  });

  it('keeps no answer of a date on which nothing can be sold, whatever is asked of it', async () => {
    const before = [await outcomes('miss'), await outcomes('hit')];
    for (const date of ['0001-01-01', '2020-02-29', dayAhead(-3), dayAhead(740), '9999-12-31']) {
      expect(await world.search({ ...query, date })).toEqual({
        itineraries: [],
        fare_conditions: [],
        next_cursor: null,
      });
      expect(await world.search({ ...query, date, facets: 'true' })).toMatchObject({ facets: { total: 0 } });
      expect(await world.search({ ...query, date, return_date: date })).toMatchObject({ total: null });
    }
    expect([await outcomes('miss'), await outcomes('hit')]).toEqual(before);
    await world.search({ ...query, date: dayAhead(729) });
    expect(await outcomes('miss')).toBe((before[0] ?? 0) + 1);
  });

  it('shows a flight that is added after the empty answer was cached', async () => {
    const first = await add();
    expect((await found()).map(({ id }) => id)).toContain(String(first));
  });

  it('shows a cancelled flight no more', async () => {
    const id = await add();
    await found();
    await world.asAdmin('POST', `/api/flights/${id}/cancel`, {});
    await eventuallyFound(id, false);
  });

  it('follows the free seats: counts them, hides a flight that is sold out, and shows it again', async () => {
    const id = await add();
    const seats = async () => (await found()).find((one) => one.id === String(id))?.seats;
    expect(await seats()).toBe(180);
    const told = async (free: number, version: number) => {
      expect((await world.tellAvailability(id, free, version)).status).toBe(204);
      await patiently(async () => expect(await seats()).toBe(free === 0 ? undefined : free));
    };
    await told(178, 1);
    await told(1, 2);
    await eventuallyFound(id, false, { passengers: 2 });
    await told(0, 3);
    await told(3, 4);
    await eventuallyFound(id, true, { passengers: 2 });
  });

  it('ignores what is told late', async () => {
    const id = await add();
    await world.tellAvailability(id, 100, 5);
    await world.tellAvailability(id, 150, 4);
    const { body } = await world.asCustomer('GET', `/api/flights/${id}`);
    expect(body.available_seats).toEqual({ economy: 100 });
  });

  it('forgets an answer at the first departure in it, in every copy', async () => {
    const copy = await world.underTest.startInstance();
    const id = await add({
      departure_time: `${dayAhead(40)}T06:00:00+05:30`,
      arrival_time: `${dayAhead(40)}T10:00:00+05:30`,
    });
    const departure = Date.parse(`${dayAhead(40)}T06:00:00+05:30`);
    const before = clock.now();
    clock.moveTo(new Date(departure - 200));
    await world.underTest.redis.flush();
    const idsAt = async (instance: Service) =>
      (await world.search(query, instance)).itineraries.map(
        (itinerary: { itinerary_id: string }) => itinerary.itinerary_id,
      );
    for (const instance of [world.underTest.service, copy])
      for (let times = 0; times < 3; times += 1) expect(await idsAt(instance)).toContain(String(id));
    expect(await memoryHits(copy)).toBeGreaterThan(0);
    clock.moveTo(new Date(departure));
    for (const instance of [world.underTest.service, copy])
      await patiently(async () => expect(await idsAt(instance)).not.toContain(String(id)));
    clock.moveTo(before);
    await world.underTest.stopInstance(copy);
  });

  it('answers while Redis is away, from memory when it is asked again', async () => {
    const alone = await world.underTest.startInstance({ REDIS_URL: 'redis://127.0.0.1:1' });
    const asked = { source: 'DEL', destination: 'BLR', date: dayAhead(1) };
    const first = await world.search(asked, alone);
    expect(first.itineraries.length).toBeGreaterThan(0);
    expect(await world.search(asked, alone)).toEqual(first);
    expect([await outcomes('unavailable', alone), await memoryHits(alone)]).toEqual([1, 1]);
  });

  it('answers rightly, and stores only so much, whatever different questions are thought of', async () => {
    const maxBytes = 400_000;
    const { redis } = world.underTest;
    const frugal = await world.underTest.startInstance({
      SEARCH_CACHE_BYTES: String(maxBytes),
      SEARCH_CACHE_MAX_AGE_MS: '2000',
    });
    const asked = { source: 'DEL', destination: 'BLR', date: dayAhead(1), max_stops: 2, limit: 100 };
    const priced = (rupees: number) => world.search({ ...asked, max_price: rupees }, frugal);
    const answer = await world.search(asked);
    const before = await bytesTaken(redis.url);
    for (let more = 1; more <= 20; more += 1) expect(await priced(50_000_000 + more)).toEqual(answer);
    expect((await bytesTaken(redis.url)) - before).toBeLessThanOrEqual(maxBytes);
    const stored = () => world.metric('search_cache_bytes(?:\\{.*\\})?', frugal);
    await patiently(async () => expect(await stored()).toBe(0));
    expect(await priced(60_000_000)).toEqual(answer);
    expect(await stored()).toBeGreaterThan(JSON.stringify(answer).length);
    await world.underTest.stopInstance(frugal);
  });
});
