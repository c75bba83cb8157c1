import { flightDetails } from '@flight-booking/contracts';
import type { Service } from '@flight-booking/platform';
import { patiently } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayAhead, lonelyFlight, SearchWorld, TestClock } from '../testing/search-world.js';

const ADMIN_ID = 1;
const BEFORE = { base_fare: 4000, fuel_surcharge: 500 };
const AFTER = { base_fare: 4400, fuel_surcharge: 450 };
/** What one passenger pays in saver: the fare, 5 % tax, and the charges of a domestic flight. */
const TOTAL_BEFORE = 5393;
const TOTAL_AFTER = 5760.5;

describe('changing fares', () => {
  const clock = new TestClock();
  const world = new SearchWorld(clock);
  let other: Service;
  let number = 7000;

  beforeAll(async () => {
    await world.start();
    other = await world.underTest.startInstance();
  });
  afterAll(() => world.stop());

  const added = async (more: object = {}): Promise<number> => {
    number += 1;
    const flight = lonelyFlight({ flight_number: `6E ${number}`, ...more });
    const { status, body } = await world.asAdmin('POST', '/api/flights', flight);
    expect(status).toBe(201);
    return body.flight_id;
  };
  const setFares = (id: number, economy: object = AFTER, more: object = {}) =>
    world.asAdmin('PUT', `/api/flights/${id}/fares`, { economy, ...more });
  const historyOf = async (id: number) =>
    (await world.asAdmin('GET', `/api/flights/${id}/fare-changes`)).body.fare_changes;

  it('is shown by search on every copy, whatever they had answered before', async () => {
    const route = { source: 'IXZ', destination: 'JSA', date: dayAhead(41), max_stops: 0 };
    const day = dayAhead(41);
    const id = await added({
      departure_time: `${day}T10:00:00+05:30`,
      arrival_time: `${day}T14:00:00+05:30`,
    });
    const copies = [world.underTest.service, other];
    const priceOn = async (copy: Service): Promise<number | undefined> =>
      (await world.search(route, copy)).itineraries[0]?.price.amount;
    for (const copy of copies) await patiently(async () => expect(await priceOn(copy)).toBe(TOTAL_BEFORE));
    const changed = await setFares(id);
    expect(changed.body.fares[0].total.amount).toBe(TOTAL_AFTER);
    for (const copy of copies) await patiently(async () => expect(await priceOn(copy)).toBe(TOTAL_AFTER));
    const flex = await world.search({ ...route, brand: 'flex' }, other);
    expect(flex.itineraries[0].price.amount).toBe(6915.5);
  });

  it('is what booking-service is told from the next question on', async () => {
    const id = await added();
    await setFares(id);
    const { body } = await world.asService('GET', `/internal/flights?ids=${id}`);
    expect(flightDetails.parse(body).flights[0]?.fares[0]?.base_fare_paise).toBe(440_000);
  });

  it('leaves a history that nobody can change, and the same fares again leave none', async () => {
    const id = await added();
    await setFares(id);
    await setFares(id);
    await setFares(id, BEFORE);
    const rupees = ({ base_fare, fuel_surcharge }: typeof BEFORE) => ({
      base_fare: { amount: base_fare, currency: 'INR' },
      fuel_surcharge: { amount: fuel_surcharge, currency: 'INR' },
    });
    expect(await historyOf(id)).toMatchObject([
      { cabin: 'economy', before: rupees(AFTER), after: rupees(BEFORE), changed_by: ADMIN_ID },
      { cabin: 'economy', before: rupees(BEFORE), after: rupees(AFTER), changed_by: ADMIN_ID },
    ]);
    for (const statement of [
      'update fare_changes set changed_by = 2',
      'delete from fare_changes',
      'truncate fare_changes',
    ])
      await expect(world.db.execute(statement)).rejects.toThrow('History is added to');
  });

  it('by two admins at once leaves each its turn', async () => {
    const id = await added();
    await Promise.all([setFares(id, { base_fare: 1000 }), setFares(id, { base_fare: 2000 })]);
    const [last, first] = await historyOf(id);
    expect(last.before).toEqual(first.after);
    expect(first.before.base_fare.amount).toBe(BEFORE.base_fare);
    const { body } = await world.asCustomer('GET', `/api/flights/${id}`);
    expect(body.fares[0].base_fare).toEqual(last.after.base_fare);
  });

  it('concerns every cabin that the aircraft has and no other', async () => {
    const twoCabins = { economy: BEFORE, business: { base_fare: 20_000 } };
    const id = await added({ aircraft_type: '787-8', fares: twoCabins });
    const changed = await setFares(id, BEFORE, { business: { base_fare: 21_000 } });
    expect(changed.body.fares[2]).toMatchObject({ cabin: 'business', base_fare: { amount: 21_000 } });
    expect(await historyOf(id)).toMatchObject([{ cabin: 'business' }]);
    const errors = [{ field: 'business', in: 'body' }];
    expect((await setFares(id)).body).toMatchObject({ status: 400, type: 'fares-do-not-fit', errors });
    const small = await added();
    const refused = await setFares(small, AFTER, { business: AFTER });
    expect(refused.body).toMatchObject({ status: 400, type: 'fares-do-not-fit', errors });
  });

  it('is refused for a flight that is cancelled, has departed or does not exist, and for no admin', async () => {
    const id = await added();
    const before = clock.now();
    clock.moveTo(new Date(`${dayAhead(40)}T10:00:00+05:30`));
    expect((await setFares(id)).body).toMatchObject({ status: 409, type: 'flight-departed' });
    clock.moveTo(before);
    await world.asAdmin('POST', `/api/flights/${id}/cancel`, {});
    expect((await setFares(id)).body).toMatchObject({ status: 409, type: 'flight-cancelled' });
    expect((await setFares(987_654_321)).status).toBe(404);
    expect((await world.asAdmin('GET', '/api/flights/987654321/fare-changes')).status).toBe(404);
    for (const fare of [{ base_fare: 0 }, { base_fare: 1, fuel_surcharge: -1 }, { base_fare: 1.005 }, {}])
      expect((await setFares(id, fare)).status).toBe(400);
    expect((await world.asCustomer('PUT', `/api/flights/${id}/fares`, { economy: AFTER })).status).toBe(403);
    expect((await world.asCustomer('GET', `/api/flights/${id}/fare-changes`)).status).toBe(403);
  });
});
