import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { figuresOf, quantile, type Figures } from '../measure/figures.js';
import { cpuSeconds } from '../measure/processes.js';
import type { InProcessAnswer, InProcessTask } from '../programs/in-process-search.js';
import { atLeast, below, type Result } from '../report/result.js';
import { query } from '../stack/query.js';
import type { TravelDay } from '../stack/routes.js';
import type { BenchStack } from '../stack/bench-stack.js';
import type { BenchOptions } from '../bench-options.js';
import { MAKE_CONNECTING_FLIGHTS, ONE_STOP } from './self-join.sql.js';

const PROGRAM = fileURLToPath(new URL('../../dist/programs/in-process-search.js', import.meta.url));
const MS_PER_SECOND = 1_000;
const MICROS_PER_SECOND = 1e6;
const FIRST_DAY = 2;

/** Searches that no cache knows, within a process, against an indexed self-join of the same flights in PostgreSQL. */
export async function searchInProcess(bench: BenchStack, options: BenchOptions): Promise<Result[]> {
  const databaseUrl = bench.stack.postgresUrl('flight-search-service');
  const searches = await anySearches(databaseUrl, options);
  const { flights, indexMiB, byStops } = await runProgram({ databaseUrl, searches });
  const joined = await selfJoin(bench, searches);
  const [one, two] = [figuresIn(byStops[1], indexMiB), figuresIn(byStops[2], indexMiB)];
  const note = `${flights} flights, any two airports, the best 50; memory is that of the index`;
  return [
    {
      path: 'search never cached, one stop, in the process',
      ours: one,
      yardstick: { name: 'indexed SQL self-join, PostgreSQL alone', figures: joined },
      goals: [
        atLeast(25, (joined.p50Ms ?? NaN) / (one.p50Ms ?? NaN), 'times faster at p50'),
        below(0.5, one.p99Ms ?? NaN, 'p99 in ms'),
        below(100, indexMiB, 'index in MiB'),
      ],
      note,
    },
    {
      path: 'search never cached, two stops, in the process',
      ours: two,
      goals: [below(2, two.p99Ms ?? NaN, 'p99 in ms')],
      note,
    },
  ];
}

/** Any two airports on any day: also those between which nobody flies. */
async function anySearches(databaseUrl: string, { searches, timetable }: BenchOptions): Promise<TravelDay[]> {
  return query<TravelDay & Record<string, string>>(
    databaseUrl,
    `select a.code as source, b.code as destination,
            to_char(current_date + ${FIRST_DAY} + (random() * $2)::integer, 'YYYY-MM-DD') as date
     from airports a, airports b, generate_series(1, 4) where a.code <> b.code order by random() limit $1`,
    [searches, timetable.days - 2 * FIRST_DAY],
  );
}

async function runProgram(task: InProcessTask): Promise<InProcessAnswer> {
  const child = spawn(process.execPath, ['--expose-gc', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(task));
  return JSON.parse(await text(child.stdout)) as InProcessAnswer;
}

function figuresIn({ durationsMs, cpuMicros }: InProcessAnswer['byStops'][1], indexMiB: number): Figures {
  const seconds = durationsMs.reduce((sum, ms) => sum + ms, 0) / MS_PER_SECOND;
  return { ...figuresOf(durationsMs, seconds), cpuMicros, memoryMiB: indexMiB };
}

async function selfJoin(bench: BenchStack, searches: readonly TravelDay[]): Promise<Figures> {
  const client = new pg.Client(bench.stack.postgresUrl('flight-search-service'));
  await client.connect();
  try {
    for (const statement of MAKE_CONNECTING_FLIGHTS) await client.query(statement);
    const durations: number[] = [];
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backend = rows.map(({ pid }) => pid);
    const before = cpuSeconds(backend);
    for (const { source, destination, date } of searches) {
      const startedAt = performance.now();
      await client.query({ name: 'one-stop', text: ONE_STOP, values: [source, destination, date] });
      durations.push(performance.now() - startedAt);
    }
    const cpu = cpuSeconds(backend) - before;
    const seconds = durations.reduce((sum, ms) => sum + ms, 0) / MS_PER_SECOND;
    return {
      perSecond: durations.length / seconds,
      p50Ms: quantile(durations, 0.5),
      p99Ms: quantile(durations, 0.99),
      cpuMicros: (cpu / durations.length) * MICROS_PER_SECOND,
    };
  } finally {
    await client.query('drop table if exists connecting_flights');
    await client.end();
  }
}
