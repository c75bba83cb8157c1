import { accounts } from './rows/accounts.row.js';
import { growthOfSearch, journeysOf, moreCustomers, uncachedSearch } from './rows/growth.row.js';
import { journeys } from './rows/journey.row.js';
import { loadModel, type LoadModel } from './rows/load-model.js';
import { atRest, searchMemory } from './rows/rest.row.js';
import { searchCached } from './rows/search-cached.row.js';
import { searchInProcess } from './rows/search-in-process.row.js';
import { seatLock } from './rows/seat-lock.row.js';
import type { Figures } from './measure/figures.js';
import type { Result } from './report/result.js';
import { QUICK_START_SIZE } from './stack/bench-settings.js';
import { BenchStack, type BenchStackOptions } from './stack/bench-stack.js';
import type { BenchOptions } from './bench-options.js';

/** What all rows brought. */
export interface Measured {
  readonly results: Result[];
  readonly load: LoadModel;
}

/** Measures every row, a stack after the other, for two at once would take the processors from each other. */
export async function runBenchmark(options: BenchOptions, say: (what: string) => void): Promise<Measured> {
  const stacks = new Stacks(say);
  const small = await stacks.with({ timetable: sizeAtStart(options) }, async (bench) => ({
    rest: await atRest(bench),
    search: await uncachedSearch(bench, options),
    journeys: await journeysOf(bench, options),
  }));
  const large = await stacks.with({ timetable: options.timetable }, (bench) =>
    measureLarge(bench, options, small.search, say),
  );
  const one = await stacks.with({ timetable: sizeAtStart(options), inOneProcess: true }, async (bench) => ({
    rest: await atRest(bench),
    journeys: await journeys(bench, options),
  }));
  const copies = options.isQuick
    ? []
    : [
        await stacks.with({ timetable: sizeAtStart(options), replicas: 2 }, (bench) =>
          journeysOf(bench, options),
        ),
      ];
  return {
    results: [
      ...large.results,
      one.journeys,
      ...large.growth,
      small.journeys,
      ...copies,
      ...small.rest,
      ...one.rest,
      large.memory,
    ],
    load: large.load,
  };
}

const sizeAtStart = ({ isQuick, timetable }: BenchOptions) => (isQuick ? timetable : QUICK_START_SIZE);

async function measureLarge(
  bench: BenchStack,
  options: BenchOptions,
  smallSearch: Figures,
  say: (what: string) => void,
) {
  const results: Result[] = [];
  const rows = { searchCached, searchInProcess, seatLock, journeys, accounts };
  for (const [name, row] of Object.entries(rows)) {
    say(`  ${name}`);
    results.push(...[await row(bench, options)].flat());
  }
  say('  growth');
  const growth = [growthOfSearch(smallSearch, await uncachedSearch(bench, options))];
  const load = await loadModel(bench, options);
  growth.push(...(await moreCustomers(bench, options)));
  return { results, growth, load, memory: searchMemory(bench) };
}

/** Stacks, each of which is gone before the next one starts. */
class Stacks {
  constructor(private readonly say: (what: string) => void) {}

  async with<Value>(options: BenchStackOptions, work: (bench: BenchStack) => Promise<Value>): Promise<Value> {
    const bench = new BenchStack(options);
    this.say(`Starting ${bench.description} …`);
    try {
      return await work(await bench.start());
    } finally {
      await bench.stop();
    }
  }
}
