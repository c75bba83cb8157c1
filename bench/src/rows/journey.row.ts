import { copyDatabases, DATABASE_SERVICES } from '../journey/database-copies.js';
import { dayAfterDay, travelWell } from '../journey/journey.js';
import { JourneyReplay, recordedTemplate, replayTogether, type DatabaseUrls } from '../journey/replay.js';
import { byTurns } from '../measure/turns.js';
import { atLeast, throughputRatio, type Result } from '../report/result.js';
import { signUpCustomers } from '../stack/customer.js';
import { query } from '../stack/query.js';
import { travelDays } from '../stack/routes.js';
import type { BenchStack } from '../stack/bench-stack.js';
import type { BenchOptions } from '../bench-options.js';

/** The type of aircraft of the flight in the recording, which its statements name. */
const RECORDED_AIRCRAFT = /"(A3\d\d|ATR72|B7\d\d\w*)"/;
/** What the public implementation of this design reaches on a machine of this size, at best: journeys a second. */
const PUBLIC_IMPLEMENTATION = 47;

/** From a search to a ticket, against PostgreSQL alone executing the same statements. */
export async function journeys(bench: BenchStack, options: BenchOptions): Promise<Result> {
  const urls = await copyDatabases(bench, DATABASE_SERVICES);
  const replays = await startReplays(urls, options.customers);
  try {
    const customers = await signUpCustomers(bench.gateway, options.customers);
    const searchUrl = bench.stack.postgresUrl('flight-search-service');
    const days = dayAfterDay(await travelDays(searchUrl, options.pairs, options.days));
    const all = () => [...bench.pids(), ...bench.postgresPids(), ...bench.redisPids()];
    const ours = (seconds: number) => travelWell(customers, days, seconds, all);
    const yardstick = (seconds: number) => replayTogether(replays, seconds, () => bench.postgresPids());
    await yardstick(options.warmUpSeconds);
    await ours(options.slowWarmUpSeconds);
    const figures = await byTurns(
      { yardstick: () => yardstick(options.turnSeconds), ours: () => ours(options.turnSeconds) },
      options.rounds,
    );
    return {
      path: `lock to ticket, ${options.customers} customers, ${bench.description}`,
      ours: figures.ours,
      yardstick: { name: 'PostgreSQL alone, the same statements', figures: figures.yardstick },
      goals: [
        atLeast(0.4, throughputRatio(figures.ours, figures.yardstick), 'ratio'),
        atLeast(3, (figures.ours.perSecond ?? 0) / PUBLIC_IMPLEMENTATION, `times ${PUBLIC_IMPLEMENTATION}/s`),
      ],
      note: 'search, lock, booking, payment, ticket; CPU and memory with those of PostgreSQL and Redis',
    };
  } finally {
    await Promise.all(replays.map((replay) => replay.stop()));
  }
}

async function startReplays(urls: DatabaseUrls, count: number): Promise<JourneyReplay[]> {
  const template = recordedTemplate();
  const [, aircraft] = RECORDED_AIRCRAFT.exec(JSON.stringify(template).replaceAll('\\', '')) ?? [];
  const flights = await query<{ id: string }>(
    urls['flight-search-service'] ?? '',
    `select flight_id::text as id from flights
     where aircraft_type = $1 and status = 'SCHEDULED' and departure_at > now() + interval '2 days' order by flight_id`,
    [aircraft],
  );
  let taken = 0;
  const nextFlight = (): number => {
    const flight = flights[taken % flights.length];
    taken += 1;
    return Number(flight?.id);
  };
  return Promise.all(
    Array.from({ length: count }, (_, lane) => JourneyReplay.start(template, urls, nextFlight, lane + 2)),
  );
}
