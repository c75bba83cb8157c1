import { createClient } from 'redis';
import { SERVICES } from '@flight-booking/local-stack';
import { dayAfterDay, travelTogether } from '../journey/journey.js';
import { recordedTemplate } from '../journey/replay.js';
import { cpuSeconds } from '../measure/processes.js';
import { signUpCustomers } from '../stack/customer.js';
import { query } from '../stack/query.js';
import { travelDays } from '../stack/routes.js';
import type { BenchStack } from '../stack/bench-stack.js';
import type { BenchOptions } from '../bench-options.js';

/** What one journey from search to ticket costs, on average over many. */
export interface LoadModel {
  readonly journeys: number;
  /** CPU time in microseconds, by process. */
  readonly cpuMicros: Readonly<Record<string, number>>;
  /** Statements of the recorded journey, by service. */
  readonly statements: Readonly<Record<string, number>>;
  readonly transactionsInPostgres: number;
  readonly redisCommands: number;
  readonly redisBytes: number;
  readonly walBytes: number;
  /** What the databases grew by. */
  readonly databaseBytes: number;
}

const MICROS_PER_SECOND = 1e6;

/** Measures what journeys cost every process. */
export async function loadModel(bench: BenchStack, options: BenchOptions): Promise<LoadModel> {
  const customers = await signUpCustomers(bench.gateway, options.customers);
  const searchUrl = bench.stack.postgresUrl('flight-search-service');
  const days = dayAfterDay(await travelDays(searchUrl, options.pairs, options.days));
  await travelTogether(customers, days, options.warmUpSeconds, () => []);
  const before = await countersOf(bench);
  const { bookingIds } = await travelTogether(customers, days, 5 * options.turnSeconds, () => []);
  const after = await countersOf(bench);
  const each = (counter: string): number =>
    ((after.get(counter) ?? 0) - (before.get(counter) ?? 0)) / bookingIds.length;
  const cpu = [...after.keys()].filter((name) => name.startsWith('cpu '));
  return {
    journeys: bookingIds.length,
    cpuMicros: Object.fromEntries(cpu.map((name) => [name.slice(4), each(name) * MICROS_PER_SECOND])),
    statements: recordedStatements(),
    transactionsInPostgres: each('transactions'),
    redisCommands: each('redis commands'),
    redisBytes: each('redis bytes'),
    walBytes: each('wal bytes'),
    databaseBytes: each('database bytes'),
  };
}

function recordedStatements(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, statements } of recordedTemplate().units)
    counts[service] = (counts[service] ?? 0) + statements.length;
  return counts;
}

async function countersOf(bench: BenchStack): Promise<Map<string, number>> {
  const [database] = await query<Record<string, string>>(
    bench.stack.adminPostgresUrl,
    `select pg_current_wal_lsn() - '0/0'::pg_lsn as wal, sum(xact_commit) as transactions,
            sum(pg_database_size(datid)) as size
     from pg_stat_database where datname !~ '^(bench_|template|postgres)'`,
  );
  const redis = await redisCounters(bench.stack.redisUrl);
  const services = SERVICES.map(({ name }) => [`cpu ${name}`, cpuSeconds(bench.pids(name))] as const);
  return new Map([
    ...services,
    ['cpu postgres', cpuSeconds(bench.postgresPids())],
    ['cpu redis', cpuSeconds(bench.redisPids())],
    ['wal bytes', Number(database?.['wal'])],
    ['transactions', Number(database?.['transactions'])],
    ['database bytes', Number(database?.['size'])],
    ['redis commands', redis('total_commands_processed')],
    ['redis bytes', redis('total_net_input_bytes') + redis('total_net_output_bytes')],
  ]);
}

async function redisCounters(url: string): Promise<(name: string) => number> {
  const client = await createClient({ url }).connect();
  const text = await client.info('stats');
  client.destroy();
  return (name) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}
