import { patiently } from '@flight-booking/local-stack/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SearchWorld, TestClock } from '../testing/search-world.js';

interface Counts {
  readonly flights: number;
  readonly days: number;
  readonly last: string;
}

const MS_PER_DAY = 86_400_000;

describe('the timetable in the database', () => {
  const world = new SearchWorld();

  beforeAll(async () => {
    await world.start({ TIMETABLE_HORIZON_DAYS: '7' });
  });
  afterAll(() => world.stop());

  it('has a few hundred flights a day up to the horizon, none of which has departed', async () => {
    const days = await world.db.rows<{ flights: number }>(
      `select count(*)::int as flights from flights where flight_id > 1 and source in (select code from airports where country = 'IN')
       group by departure_date order by departure_date`,
    );
    // Late in the evening nothing leaves any more today.
    expect([7, 8]).toContain(days.length);
    for (const { flights } of days.slice(1)) expect(flights).toBeGreaterThan(150);
    const departed = await world.db.rows(
      'select 1 from flights where departure_at < now() - interval $$1 minute$$',
    );
    expect(departed).toEqual([]);
  });

  it('flies at the local time of the schedule, whatever the zone, for the minutes of the schedule', async () => {
    const wrong = await world.db.rows(
      `select flights.flight_id from flights
       join schedules using (flight_number) join airports on airports.code = flights.source
       where (departure_at at time zone time_zone)::time <> departure_time
          or (departure_at at time zone time_zone)::date <> departure_date
          or extract(isodow from departure_date) <> all(weekdays)
          or arrival_at - departure_at <> block_minutes * interval '1 minute'`,
    );
    expect(wrong).toEqual([]);
    const { overnight } = await world.db.row<{ overnight: number }>(
      `select count(*)::int as overnight from flights
       join airports origin on origin.code = source join airports target on target.code = destination
       where (arrival_at at time zone target.time_zone)::date > (departure_at at time zone origin.time_zone)::date`,
    );
    expect(overnight).toBeGreaterThan(10);
  });

  it('prices in whole multiples of ten rupees that differ by day', async () => {
    const odd = await world.db.rows(
      `select flight_id from flights where economy_base_fare_paise % 1000 <> 0 or economy_fuel_surcharge_paise % 1000 <> 0
       or business_base_fare_paise % 1000 <> 0`,
    );
    expect(odd).toEqual([]);
    const { prices } = await world.db.row<{ prices: number }>(
      `select max(prices)::int as prices from (
         select count(distinct economy_base_fare_paise) as prices from flights group by flight_number) as by_number`,
    );
    expect(prices).toBeGreaterThan(4);
  });

  it('has flight 1 from DEL to BLR in the future', async () => {
    const flight = await world.db.row<{ route: string; days: number }>(
      `select source || destination as route, departure_date - current_date as days from flights where flight_id = 1`,
    );
    expect(flight.route).toBe('DELBLR');
    expect(flight.days).toBeGreaterThan(350);
  });

  it('stays as it is when another instance starts', async () => {
    const before = await world.db.rows('select * from flights order by flight_id');
    await world.underTest.startInstance({ TIMETABLE_HORIZON_DAYS: '7' });
    expect(await world.db.rows('select * from flights order by flight_id')).toEqual(before);
  });
});

describe('the timetable as days pass', () => {
  let clock: TestClock;
  let world: SearchWorld;

  beforeEach(async () => {
    clock = new TestClock(new Date('2027-01-10T06:00:00Z'));
    world = await new SearchWorld(clock).start({ TIMETABLE_HORIZON_DAYS: '2' });
  });
  afterEach(() => world.stop());

  const counts = () =>
    world.db.row<Counts>(
      `select count(*)::int as flights, count(distinct departure_date)::int as days, max(departure_date)::text as last
       from flights where flight_id > 1 and source = 'DEL'`,
    );
  const runDailyJob = () => world.db.execute(`select graphile_worker.add_job('extend-horizon', '{}'::json)`);
  const departureOf = async (id: number) =>
    (
      await world.db.row<{ departure_at: Date }>('select departure_at from flights where flight_id = $1', [
        id,
      ])
    ).departure_at;
  const passDays = (days: number) => clock.moveTo(new Date(clock.now().getTime() + days * MS_PER_DAY));

  it('gains the days that come into the horizon, keeps what has departed, and is searchable at once', async () => {
    const before = await counts();
    expect(before).toMatchObject({ days: 3, last: '2027-01-12' });
    passDays(2);
    await runDailyJob();
    await runDailyJob();
    await patiently(async () => expect(await counts()).toMatchObject({ days: 5, last: '2027-01-14' }));
    const query = { source: 'DEL', destination: 'BLR', date: '2027-01-14' };
    await patiently(async () => expect((await world.search(query)).itineraries.length).toBeGreaterThan(0));
  });

  it('moves flight 1 ahead once it has departed empty, and tells seat-service', async () => {
    const first = await departureOf(1);
    passDays(200);
    await runDailyJob();
    await patiently(async () => expect((await counts()).days).toBeGreaterThan(3));
    expect(await departureOf(1)).toEqual(first);
    passDays(165);
    await runDailyJob();
    await patiently(async () => expect((await departureOf(1)) > clock.now()).toBe(true));
    const event = { type: 'flight.rescheduled', data: { flight_id: 1 } };
    await patiently(() => expect(world.seat.requests.map(({ body }) => body)).toMatchObject([event]));
  });

  it('never moves flight 1 when a seat on it was taken', async () => {
    const first = await departureOf(1);
    await world.tellAvailability(1, 179, 1);
    passDays(365);
    await runDailyJob();
    await patiently(async () => expect((await counts()).days).toBeGreaterThan(3));
    expect(await departureOf(1)).toEqual(first);
  });
});
