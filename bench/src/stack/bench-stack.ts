import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalStack, SERVICES, type LocalStackOptions, type ServiceName } from '@flight-booking/local-stack';
import { Pool } from 'undici';
import { environment } from '../config.js';
import { parentOf, processTree } from '../measure/processes.js';
import { query } from './query.js';
import { SETTINGS, type TimetableExtent } from './bench-settings.js';
import { redisPid } from './redis-pid.js';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const READY_WITHIN_MS = 300_000;
const MS_PER_SECOND = 1_000;
/** More than any turn has in flight. */
const CONNECTIONS = 256;
/** A child of the server that lives as long as it does. */
const CHILD_OF_POSTGRES = `select pid from pg_stat_activity where backend_type = 'checkpointer'`;

/** How a stack is run, besides what all have in common. */
export type BenchStackOptions = Pick<LocalStackOptions, 'replicas' | 'inOneProcess' | 'serviceEnv'> & {
  readonly timetable: TimetableExtent;
  readonly variables?: Readonly<Record<string, string>>;
};

/** A stack of the benchmark's own, on free ports, with data that nobody needs afterwards. */
export class BenchStack {
  /** Holds the data while the stack runs, and says where its databases are. */
  readonly dataDir = mkdtempSync(join(tmpdir(), 'flight-booking-bench-'));
  readonly stack: LocalStack;
  /** Speaks to the gateway. */
  gateway!: Pool;
  /** From the start of PostgreSQL until every service was ready. */
  startSeconds = 0;
  private postgresPid = 0;
  private redis = 0;

  constructor(private readonly options: BenchStackOptions) {
    const { timetable, variables, ...rest } = options;
    this.stack = new LocalStack({
      ...rest,
      rootDir: ROOT,
      dataDir: this.dataDir,
      ports: 'free',
      persistent: false,
      env: {
        ...environment,
        ...SETTINGS,
        TIMETABLE_SIZE: timetable.size,
        TIMETABLE_HORIZON_DAYS: String(timetable.days),
        ...variables,
      },
    });
  }

  async start(): Promise<this> {
    const startedAt = performance.now();
    await this.stack.start();
    await this.stack.waitUntilHealthy(READY_WITHIN_MS);
    this.startSeconds = (performance.now() - startedAt) / MS_PER_SECOND;
    this.gateway = new Pool(this.stack.urls['api-gateway'], { connections: CONNECTIONS });
    const [child] = await query<{ pid: number }>(this.stack.adminPostgresUrl, CHILD_OF_POSTGRES);
    this.postgresPid = parentOf(child?.pid ?? 0);
    this.redis = await redisPid(this.stack.redisUrl);
    return this;
  }

  async stop(): Promise<void> {
    await this.gateway?.destroy();
    await this.stack.stop();
  }

  /** Ends the services and leaves their servers running. */
  async stopServices(): Promise<void> {
    for (const { name } of SERVICES) await this.stack.stopService(name);
  }

  async startServices(): Promise<void> {
    const { inOneProcess = false } = this.options;
    const started = inOneProcess ? SERVICES.slice(0, 1) : SERVICES;
    // Each waits half a minute at most, and a large index takes longer where the nine start at once.
    await Promise.allSettled(started.map(({ name }) => this.stack.startService(name)));
    await this.stack.waitUntilHealthy(READY_WITHIN_MS);
  }

  url(service: ServiceName): string {
    return this.stack.urls[service];
  }

  /** The processes of these services, every copy; of all of them when none is named. */
  pids(...services: ServiceName[]): number[] {
    const named = services.length > 0 ? services : SERVICES.map(({ name }) => name);
    const pids = named.flatMap((name) =>
      this.stack.addresses[name].flatMap((_address, copy) => this.stack.pid(name, copy) ?? []),
    );
    return [...new Set(pids)];
  }

  /** The database server with its backends as they are at this moment. */
  postgresPids(): number[] {
    return processTree(this.postgresPid);
  }

  redisPids(): number[] {
    return [this.redis];
  }

  /** What runs, in words. */
  get description(): string {
    const { inOneProcess = false, replicas = 1, timetable } = this.options;
    const processes = inOneProcess ? 'one process' : replicas > 1 ? `${replicas} copies` : 'nine processes';
    return `${processes}, ${timetable.size} timetable`;
  }
}
