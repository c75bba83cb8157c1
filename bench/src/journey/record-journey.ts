import { mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchStack } from '../stack/bench-stack.js';
import { signUpCustomers } from '../stack/customer.js';
import { query } from '../stack/query.js';
import { travelDays } from '../stack/routes.js';
import { dayAfterDay, travel, type Ticketed } from './journey.js';
import { FIRST_RECORDED_ID, templateOf, type JourneyTemplate } from './journey-template.js';
import type { RecordedStatement } from './recorded-statement.js';

const RECORDER = new URL('../../dist/journey/statement-recorder.js', import.meta.url).href;
/** As few as the journeys need. */
const DAYS = 7;
/** By then the last job has run that looks after a journey that went well: the one that decides its payment. */
const SETTLES_IN_MS = 25_000;
const WARM_UP_JOURNEYS = 3;
const MINUTE_MS = 60_000;
/** By then what runs at every full minute, or some of them, is done. */
const CRON_TAKES_MS = 8_000;
/** Longer than what is observed takes besides settling. */
const WORK_TAKES_MS = 12_000;

/** A small stack whose services write down their statements. */
export class RecordingStack {
  readonly bench: BenchStack;
  private readonly folder = mkdtempSync(join(tmpdir(), 'flight-booking-statements-'));
  private readonly file = join(this.folder, 'statements.jsonl');

  constructor() {
    this.bench = new BenchStack({
      timetable: { size: 'quick', days: DAYS },
      variables: { NODE_OPTIONS: `--import ${RECORDER}`, BENCH_STATEMENTS: this.file },
    });
  }

  async start(): Promise<this> {
    await writeFile(this.file, '');
    await this.bench.start();
    await raiseIds(this.bench);
    return this;
  }

  async stop(): Promise<void> {
    await this.bench.stop();
    await rm(this.folder, { recursive: true });
  }

  /**
   * Has one customer travel while nobody else does.
   * @param settlesInMs how long the services are left alone before and after
   */
  async record(settlesInMs = SETTLES_IN_MS): Promise<JourneyTemplate> {
    const { bench } = this;
    const [customer] = await signUpCustomers(bench.gateway, 1);
    if (customer === undefined) throw new Error('Nobody signed up.');
    const days = dayAfterDay(await travelDays(bench.stack.postgresUrl('flight-search-service'), 20, 3));
    for (let i = 0; i < WARM_UP_JOURNEYS; i += 1) await travel(customer, days);
    await sleep(settlesInMs);
    const recordedAt = Date.now();
    const { result: journey, statements } = await this.observe(() => travel(customer, days), settlesInMs);
    return templateOf(statements, knownOf(journey, customer.userId), recordedAt);
  }

  /** What the services send to PostgreSQL while something is done, and a while after it, but not by the clock. */
  async observe<Result>(
    work: () => Promise<Result>,
    settlesInMs: number,
  ): Promise<{ result: Result; statements: RecordedStatement[] }> {
    await untilNoCronFor(WORK_TAKES_MS + settlesInMs);
    const before = (await readFile(this.file)).length;
    const result = await work();
    await sleep(settlesInMs);
    const lines = (await readFile(this.file)).subarray(before).toString().trim().split('\n');
    return { result, statements: lines.map((line) => JSON.parse(line) as RecordedStatement) };
  }
}

/** Waits until no job that runs by the clock begins for so long, and those that did are done. */
async function untilNoCronFor(ms: number): Promise<void> {
  const intoMinute = Date.now() % MINUTE_MS;
  if (intoMinute >= CRON_TAKES_MS && intoMinute + ms < MINUTE_MS) return;
  await sleep((MINUTE_MS - intoMinute + CRON_TAKES_MS) % MINUTE_MS);
}

const knownOf = ({ flightId, seatNumbers, pnr }: Ticketed, userId: number) => ({
  flightId,
  ...Object.fromEntries(seatNumbers.map((seatNumber, index) => [`seat${index}`, seatNumber])),
  pnr,
  userId,
});

/** Makes every identity of every service count from numbers that are no other's. */
async function raiseIds(bench: BenchStack): Promise<void> {
  let first = FIRST_RECORDED_ID;
  for (const service of [
    'auth',
    'flight-search',
    'seat',
    'booking',
    'payment',
    'ticket',
    'notification',
  ] as const) {
    const url = bench.stack.postgresUrl(`${service}-service`);
    const sequences = await query<{ name: string }>(
      url,
      `select quote_ident(schemaname) || '.' || quote_ident(sequencename) as name from pg_sequences
       where data_type = 'bigint'::regtype and sequencename !~ 'number'`,
    );
    for (const { name } of sequences) {
      first += 10_007;
      await query(url, 'select setval($1::regclass, $2)', [name, first]);
    }
  }
}
