import {
  AIRPORTS,
  epochDayOf,
  epochMinuteOf,
  FareRules,
  FlightIndex,
  FlightRepository,
  indexedFlightOf,
  ItinerarySearch,
} from '@flight-booking/flight-search-service/in-process';
import { readConfig } from '@flight-booking/flight-search-service/config';
import { createLogger, Database } from '@flight-booking/platform';

/**
 * Reads the timetable as flight-search-service does and searches in it, without cache, HTTP or another process. Reads what
 * to search for as JSON from standard input and writes how long each search took.
 */

/** What the program is told. */
export interface InProcessTask {
  readonly databaseUrl: string;
  readonly searches: readonly {
    readonly source: string;
    readonly destination: string;
    readonly date: string;
  }[];
}

/** What the program tells. */
export interface InProcessAnswer {
  readonly flights: number;
  /** What the index takes: typed arrays and the objects around them. */
  readonly indexMiB: number;
  /** By the most stops allowed: how long each search took, and what it cost in CPU on average. */
  readonly byStops: Readonly<Record<1 | 2, { readonly durationsMs: number[]; readonly cpuMicros: number }>>;
}

const CHUNK_ROWS = 5_000;
const BYTES_PER_MIB = 1024 * 1024;
const ITINERARIES = 50;
/** What the service needs besides, and nobody here asks for. */
const ELSEWHERE = {
  NODE_ENV: 'test',
  REDIS_URL: 'redis://127.0.0.1:1',
  AUTH_URL: 'http://127.0.0.1:1',
  SEAT_URL: 'http://127.0.0.1:1',
  BOOKING_URL: 'http://127.0.0.1:1',
  SERVICE_CLIENT_SECRET: 'nobody-is-asked-for-a-token-here',
};

async function main(): Promise<void> {
  let input = '';
  for await (const chunk of process.stdin) input += String(chunk);
  const task = JSON.parse(input) as InProcessTask;
  const config = readConfig({ ...ELSEWHERE, DATABASE_URL: task.databaseUrl });
  const index = new FlightIndex(AIRPORTS);
  const before = usedBytes();
  await load(index, new FareRules(config), task.databaseUrl);
  const indexMiB = (usedBytes() - before) / BYTES_PER_MIB;
  const search = new ItinerarySearch(index, {
    domesticMinutes: config.MAX_DOMESTIC_LAYOVER_MINUTES,
    internationalMinutes: config.MAX_INTERNATIONAL_LAYOVER_MINUTES,
  });
  measure(search, task, 2);
  const byStops = { 1: measure(search, task, 1), 2: measure(search, task, 2) };
  process.stdout.write(JSON.stringify({ flights: index.size, indexMiB, byStops } satisfies InProcessAnswer));
}

async function load(index: FlightIndex, rules: FareRules, url: string): Promise<void> {
  const logger = createLogger('bench', 'warn');
  const database = new Database({ url, poolSize: 4, applicationName: 'bench' }, logger);
  const flights = new FlightRepository();
  let first = 1;
  for (;;) {
    const range = { first, last: Number.MAX_SAFE_INTEGER };
    const rows = await flights.rowsInRange(database, range, new Date(), CHUNK_ROWS);
    for (const row of rows) index.put(indexedFlightOf(row, rules));
    if (rows.length < CHUNK_ROWS) break;
    first = (rows.at(-1)?.flight_id ?? 0) + 1;
  }
  await database.stop();
}

function measure(search: ItinerarySearch, { searches }: InProcessTask, maxStops: 1 | 2) {
  const now = epochMinuteOf(new Date());
  const durationsMs: number[] = [];
  const cpu = process.cpuUsage();
  for (const { source, destination, date } of searches) {
    const startedAt = performance.now();
    search.find(
      {
        source,
        destination,
        day: epochDayOf(date),
        passengers: 1,
        maxStops,
        cabin: 'economy',
        brand: 'saver',
        sort: 'price',
        limit: ITINERARIES,
      },
      now,
    );
    durationsMs.push(performance.now() - startedAt);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { durationsMs, cpuMicros: (user + system) / searches.length };
}

/** @returns what is really in use, when the program is started so that it may collect what is not */
function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

await main();
