import { createLogger, RedisScript, RedisStore } from '@flight-booking/platform';
import { drive, type DrivenRequest } from '../measure/drive.js';
import { figuresOf, type Figures } from '../measure/figures.js';
import { byTurns, withCost } from '../measure/turns.js';
import { atLeast, throughputRatio, type Result } from '../report/result.js';
import { signUpCustomers, type Customer } from '../stack/customer.js';
import { query } from '../stack/query.js';
import type { BenchStack } from '../stack/bench-stack.js';
import type { BenchOptions } from '../bench-options.js';

const CONNECTIONS = 32;
/** Enough that nobody reaches the limit of seats that one customer may hold of a flight. */
const CUSTOMERS = 16;
/** Both sides lock so often on each flight, so that the script finds the same on average. */
const LOCKS_PER_FLIGHT = 12;
/** Economy of the A320 as seat-service tells the script: rows, and the groups between the aisles. */
const CABIN = ['1-30:ABC|DEF'];
const LOCK_SEATS = RedisScript.fromFile<[verdict: string]>(
  new URL('../../../seat-service/src/seats/lock-seats.lua', import.meta.url),
);
const LOCK_TTL_MS = 600_000;
const SEAT_LIMIT = 9;

/** Locking two seats through the gateway against the script that decides it. */
export async function seatLock(bench: BenchStack, options: BenchOptions): Promise<Result> {
  const { lockedFlights: flights, lockedKeys } = options;
  const customers = await signUpCustomers(bench.gateway, CUSTOMERS);
  const flightIds = await freshFlights(bench, flights * (options.rounds + 1));
  const script = await ScriptRunner.start(bench);
  try {
    let block = 0;
    const nextBlock = () => flightIds.slice(block * flights, (block += 1) * flights);
    const turns = {
      yardstick: () => script.turn(lockedKeys),
      ours: async () => lockTurn(bench, customers, nextBlock()),
    };
    const { ours, yardstick } = await byTurns(turns, options.rounds);
    return {
      path: 'lock two seats through the gateway',
      ours,
      yardstick: { name: 'one EVALSHA of the same script, node-redis, 32 in flight', figures: yardstick },
      goals: [atLeast(0.15, throughputRatio(ours, yardstick), 'ratio')],
      note: `${CONNECTIONS} connections, ${LOCKS_PER_FLIGHT} locks on each flight; CPU with that of Redis`,
    };
  } finally {
    await script.stop();
  }
}

/** Flights of one type of aircraft that nobody has looked at. */
async function freshFlights(bench: BenchStack, count: number): Promise<number[]> {
  const rows = await query<{ id: string }>(
    bench.stack.postgresUrl('flight-search-service'),
    `select flight_id::text as id from flights
     where aircraft_type = 'A320' and status = 'SCHEDULED' and departure_at > now() + interval '2 days'
     order by flight_id desc limit $1`,
    [count],
  );
  return rows.map(({ id }) => Number(id));
}

async function lockTurn(
  bench: BenchStack,
  customers: readonly Customer[],
  flightIds: readonly number[],
): Promise<Figures> {
  let count = 0;
  const next = (): DrivenRequest => {
    const flightId = flightIds[count % flightIds.length];
    const customer = customers[(count + Math.floor(count / flightIds.length)) % customers.length];
    count += 1;
    return {
      method: 'POST',
      path: '/api/seats/lock',
      headers: { ...customer?.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ flight_id: flightId, num_seats: 2 }),
    };
  };
  const pids = [...bench.pids('api-gateway', 'seat-service'), ...bench.redisPids()];
  const target = { url: bench.url('api-gateway'), next, pids };
  // The first lock on a flight reads its taken seats from the database, which the script alone does not.
  await drive(target, { connections: CONNECTIONS, requests: flightIds.length });
  return drive(target, {
    connections: CONNECTIONS,
    requests: flightIds.length * (LOCKS_PER_FLIGHT - 1),
  });
}

/** Runs the script as seat-service does, and nothing else. */
class ScriptRunner {
  private nextLock = 1;

  private constructor(
    private readonly redis: RedisStore,
    private readonly redisPids: readonly number[],
  ) {}

  static async start(bench: BenchStack): Promise<ScriptRunner> {
    const redis = new RedisStore(bench.stack.redisUrl, createLogger('bench', 'warn'));
    await redis.start();
    return new ScriptRunner(redis, bench.redisPids());
  }

  async stop(): Promise<void> {
    await this.redis.stop();
  }

  async turn(flights: number): Promise<Figures> {
    const keys = Array.from({ length: flights }, (_, index) => `bench:{${index}}`);
    await Promise.all(keys.map((key) => this.redis.client.hSet(`${key}:taken`, '#version', 1)));
    for (const key of keys) await this.lock(key);
    const pids = [process.pid, ...this.redisPids];
    const result = await withCost(
      () => pids,
      () => this.lockAll(keys),
    );
    await Promise.all(keys.map((key) => this.redis.client.del([`${key}:taken`, `${key}:locks`])));
    return result;
  }

  private async lockAll(keys: readonly string[]): Promise<{ figures: Figures; count: number }> {
    const total = keys.length * (LOCKS_PER_FLIGHT - 1);
    const durations: number[] = [];
    let begun = 0;
    const startedAt = performance.now();
    const lane = async (): Promise<void> => {
      while (begun < total) {
        const key = keys[begun % keys.length] ?? '';
        begun += 1;
        const sentAt = performance.now();
        await this.lock(key);
        durations.push(performance.now() - sentAt);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, lane));
    return { figures: figuresOf(durations, (performance.now() - startedAt) / 1_000), count: total };
  }

  private async lock(key: string): Promise<void> {
    const lockId = this.nextLock;
    this.nextLock += 1;
    // Nobody locks twice, so nobody reaches the limit.
    const values = [lockId, lockId, LOCK_TTL_MS, SEAT_LIMIT, 'best', 2, ...CABIN];
    const [verdict] = await LOCK_SEATS.run(this.redis.client, [`${key}:taken`, `${key}:locks`], values);
    if (verdict !== 'LOCKED') throw new Error(`The script answered ${verdict}.`);
  }
}
