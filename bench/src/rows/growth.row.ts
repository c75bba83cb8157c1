import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dayAfterDay, travelTogether, travelWell, type JourneyTurn } from '../journey/journey.js';
import { drive } from '../measure/drive.js';
import type { Figures } from '../measure/figures.js';
import { byTurns } from '../measure/turns.js';
import { below, type Goal, type Result } from '../report/result.js';
import { Customer, signUpCustomers } from '../stack/customer.js';
import { query } from '../stack/query.js';
import { searchPath, travelDays } from '../stack/routes.js';
import { ROOT, type BenchStack } from '../stack/bench-stack.js';
import type { BenchOptions } from '../bench-options.js';

/** One customer after the other, so that the time is that of the search and not of waiting for another. */
const SEARCHERS = 1;
/** What nearly every day and pair of airports has, also in the small timetable. */
const ITINERARIES = 3;
const ABOVE_ALL_PRICES = 9_000_000;
const AUDIT = join(ROOT, 'e2e/dist/audit/cli.js');

/**
 * Searches of ever other days and airports through the gateway, so that none is known to a cache. A large timetable has
 * more itineraries than a small one, and to write a longer page is no growth of the search, so a page is short.
 */
export async function uncachedSearch(bench: BenchStack, options: BenchOptions): Promise<Figures> {
  const customer = await Customer.signUp(bench.gateway);
  const days = dayAfterDay(
    await travelDays(bench.stack.postgresUrl('flight-search-service'), options.pairs, options.timetable.days),
  );
  // Another highest price is another answer, so that a second round over the days finds none of the first.
  let highestPrice = ABOVE_ALL_PRICES;
  const next = () => {
    highestPrice += 1;
    const more = `&limit=${ITINERARIES}&max_price=${highestPrice}`;
    return { path: searchPath(days(), more), headers: customer.headers };
  };
  const target = {
    url: bench.url('api-gateway'),
    next,
    pids: bench.pids('api-gateway', 'flight-search-service'),
  };
  const turn = (seconds: number) => () => drive(target, { connections: SEARCHERS, seconds });
  // One search after the other: they come in more slowly than those of many customers, and are compiled later.
  await turn(options.slowWarmUpSeconds / 4)();
  const { searches } = await byTurns({ searches: turn(options.turnSeconds) }, options.rounds);
  return searches;
}

/** How the first becomes the second as the timetable grows. */
export function growthOfSearch(small: Figures, large: Figures): Result {
  return {
    path: 'search as the timetable grows tenfold, never cached, through the gateway',
    ours: large,
    yardstick: { name: 'the same at the quick-start size', figures: small },
    note: `pages of ${ITINERARIES} itineraries`,
    goals: [below(1.5, (large.p50Ms ?? NaN) / (small.p50Ms ?? NaN), 'times the p50')],
  };
}

/** Journeys of ever more customers at once, and after the most of them the audit of all that they left behind. */
export async function moreCustomers(bench: BenchStack, options: BenchOptions): Promise<Result[]> {
  const customers = await signUpCustomers(bench.gateway, Math.max(...options.customerCounts));
  const searchUrl = bench.stack.postgresUrl('flight-search-service');
  const days = dayAfterDay(await travelDays(searchUrl, options.pairs, options.days));
  const results: Result[] = [];
  for (const count of options.customerCounts) {
    const turn = await travelTogether(customers.slice(0, count), days, options.turnSeconds, () =>
      bench.pids(),
    );
    const isMost = count === customers.length;
    results.push({
      path: `lock to ticket, ${count} customer${count === 1 ? '' : 's'}, ${bench.description}`,
      ours: turn,
      goals: isMost ? await nothingLost(bench, turn) : [],
      ...(isMost && { note: `${turn.bookingIds.length} journeys, then the audit${firstOf(turn.failures)}` }),
    });
  }
  return results;
}

/** What the first of several failures said. */
const firstOf = (failures: readonly unknown[]): string =>
  failures.length === 0 ? '' : `; of ${failures.length} failures the first is: ${String(failures[0])}`;

/** The journey with all of a small stack's customers, for comparing ways to run it. */
export async function journeysOf(bench: BenchStack, options: BenchOptions): Promise<Result> {
  const customers = await signUpCustomers(bench.gateway, options.customers);
  const searchUrl = bench.stack.postgresUrl('flight-search-service');
  const days = dayAfterDay(await travelDays(searchUrl, options.pairs, options.days));
  await travelWell(customers, days, options.slowWarmUpSeconds, () => bench.pids());
  return {
    path: `lock to ticket, ${options.customers} customers, ${bench.description}`,
    ours: await travelWell(customers, days, options.turnSeconds, () => bench.pids()),
    goals: [],
  };
}

async function nothingLost(bench: BenchStack, { bookingIds, failures }: JourneyTurn): Promise<Goal[]> {
  const [found] = await query<{ count: string }>(
    bench.stack.postgresUrl('booking-service'),
    `select count(*) as count from bookings where booking_id = any($1) and status = 'TICKETED'`,
    [bookingIds],
  );
  const lost = bookingIds.length - Number(found?.count ?? 0);
  const broken = await brokenInvariants(bench);
  return [
    below(1, failures.length, 'errors'),
    below(1, lost, 'lost bookings'),
    below(1, broken, 'broken invariants'),
  ];
}

/** How many invariants the audit finds broken. */
async function brokenInvariants(bench: BenchStack): Promise<number> {
  try {
    await promisify(execFile)(process.execPath, [AUDIT, '--data', bench.dataDir]);
    return 0;
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    const [, broken] = /(\d+) of \d+ are broken/.exec(stdout) ?? [];
    if (broken === undefined) throw error;
    return Number(broken);
  }
}
