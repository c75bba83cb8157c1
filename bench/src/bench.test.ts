import type { ServiceName } from '@flight-booking/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { QUICK_RUN, type BenchOptions } from './bench-options.js';
import { DATABASE_SERVICES } from './journey/database-copies.js';
import type { JourneyTemplate } from './journey/journey-template.js';
import { belongsToJourney, isOfJobRunner, plainText } from './journey/recorded-statement.js';
import { RecordingStack } from './journey/record-journey.js';
import { recordedTemplate } from './journey/replay.js';
import { markdownOf } from './report/markdown.js';
import { thisMachine } from './report/machine.js';
import { svgOf } from './report/svg.js';
import { uncachedSearch, growthOfSearch } from './rows/growth.row.js';
import { journeys } from './rows/journey.row.js';
import { loadModel } from './rows/load-model.js';
import { searchCached } from './rows/search-cached.row.js';
import { searchInProcess } from './rows/search-in-process.row.js';
import { seatLock } from './rows/seat-lock.row.js';
import { lookAround } from './testing/look-around.js';
import { sequentialScans } from './testing/query-plans.js';

/** Smaller than the quick run: what is measured does not matter here. */
const TINY: BenchOptions = {
  ...QUICK_RUN,
  turnSeconds: 0.5,
  warmUpSeconds: 0.2,
  slowWarmUpSeconds: 0.2,
  lockedFlights: 32,
  lockedKeys: 5,
  customers: 2,
  pairs: 10,
  days: 3,
  timetable: { size: 'quick', days: 7 },
};
const SETTLES_IN_MS = 3_000;
const PATIENCE_MS = 120_000;

let recording: RecordingStack;

beforeAll(async () => {
  recording = await new RecordingStack().start();
}, PATIENCE_MS);

afterAll(() => recording.stop(), PATIENCE_MS);

const statementsOf = ({ units }: JourneyTemplate): Set<string> =>
  new Set(
    units.flatMap(({ service, statements }) =>
      statements.map(({ text }) => `${service}: ${plainText(text)}`),
    ),
  );

test(
  'a journey executes just the statements that PostgreSQL is given as its yardstick',
  async () => {
    const executed = statementsOf(await recording.record(SETTLES_IN_MS));
    const written = statementsOf(recordedTemplate());
    expect([...executed].filter((statement) => !written.has(statement))).toEqual([]);
    expect([...written].filter((statement) => !executed.has(statement))).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'no statement of a customer reads a large table from end to end',
  async () => {
    const { bench } = recording;
    const { statements } = await recording.observe(() => lookAround(bench), SETTLES_IN_MS);
    const services = new Set(statements.map(({ service }) => service));
    expect(services.size).toBe(DATABASE_SERVICES.length);
    const adminUrl = (service: ServiceName): string => {
      const url = new URL(bench.stack.adminPostgresUrl);
      url.pathname = new URL(bench.stack.postgresUrl(service)).pathname;
      return url.href;
    };
    const own = statements.filter((statement) => belongsToJourney(statement) && !isOfJobRunner(statement));
    expect(await sequentialScans(own, adminUrl)).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'the rows of the benchmark come with their goals, and the report shows each of them',
  async () => {
    const { bench } = recording;
    const results = [
      ...(await searchCached(bench, TINY)),
      ...(await searchInProcess(bench, { ...TINY, searches: 50 })),
      await seatLock(bench, TINY),
      await journeys(bench, TINY),
    ];
    const search = await uncachedSearch(bench, TINY);
    results.push(growthOfSearch(search, search));
    expect(results.flatMap(({ goals }) => goals).map(({ measured }) => measured > 0)).not.toContain(false);
    const load = await loadModel(bench, TINY);
    expect(Object.values(load.cpuMicros).every((micros) => micros >= 0)).toBe(true);
    expect(load.walBytes).toBeGreaterThan(0);

    const report = { machine: thisMachine(), isQuick: true, seconds: 1, results, load };
    const markdown = markdownOf(report);
    const svg = svgOf(results);
    for (const { path, goals } of results) {
      expect(markdown).toContain(path);
      for (const { text } of goals) expect(markdown).toContain(text);
    }
    expect(svg.match(/<rect/g)).toHaveLength(1 + results.flatMap(({ goals }) => goals).length);
  },
  PATIENCE_MS,
);
