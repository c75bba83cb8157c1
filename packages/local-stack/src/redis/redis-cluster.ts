import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RestartOptions } from '../processes/kept-server.js';
import { waitFor } from '../processes/wait-for.js';
import { SetupError } from '../setup.errors.js';
import { withRedis } from './redis-client.js';
import { RedisServer } from './redis-server.js';

/** Where the servers of a cluster keep their files. */
export interface RedisClusterOptions {
  readonly home: string;
}

const MASTERS = 3;
const SLOTS = 16_384;
// A server that has just started serves nothing for two seconds, so that others may take over what was its own.
const FORMING_TIMEOUT_MS = 30_000;
const FORMING_INTERVAL_MS = 50;

/**
 * A Redis Cluster of three masters without replicas on loopback ports, which keeps nothing: for tests. It is formed
 * with the commands that every server understands, so no other program is needed.
 */
export class RedisCluster {
  private readonly masters: readonly RedisServer[];

  constructor(private readonly options: RedisClusterOptions) {
    // One password for all: a client learns of the others from one, and logs in there with what it has.
    const password = randomBytes(24).toString('hex');
    this.masters = Array.from(
      { length: MASTERS },
      (_, index) =>
        new RedisServer({
          home: this.homeOf(index),
          logFile: join(options.home, `master-${index}.log`),
          durable: false,
          clustered: true,
          password,
        }),
    );
  }

  /** The addresses of all masters, separated by commas. @throws when the cluster is not running. */
  get url(): string {
    return this.masters.map(({ url }) => url).join(',');
  }

  /** Starts the servers and makes a cluster of them; resolves when it serves every key. */
  async start(): Promise<void> {
    await Promise.all(
      this.masters.map((_, index) => rm(this.homeOf(index), { recursive: true, force: true })),
    );
    const starts = await Promise.allSettled(this.masters.map((master) => master.start()));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    for (const [index, master] of this.masters.entries()) await this.giveSlots(master, index);
    await this.introduce();
    await this.waitUntilServing();
  }

  /** Removes every key. */
  async flush(): Promise<void> {
    await Promise.all(
      this.masters.map(({ url }) => withRedis(url, async (client) => void (await client.flushAll()))),
    );
  }

  /** Ends one master and starts it again, without its keys; resolves when the cluster serves every key again. */
  async restartMaster(index: number, options: RestartOptions): Promise<void> {
    await this.masters[index]?.restart(options);
    await this.waitUntilServing();
  }

  async stop(): Promise<void> {
    await Promise.all(this.masters.map((master) => master.stop()));
  }

  /** Ends every server without waiting. */
  killNow(): void {
    for (const master of this.masters) master.killNow();
  }

  private homeOf(index: number): string {
    return join(this.options.home, `master-${index}`);
  }

  private async giveSlots({ url }: RedisServer, index: number): Promise<void> {
    const first = Math.floor((index * SLOTS) / MASTERS);
    const last = Math.floor(((index + 1) * SLOTS) / MASTERS) - 1;
    await withRedis(url, async (client) => {
      await client.sendCommand(['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)]);
      await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', String(first), String(last)]);
    });
  }

  /** The first meets the others, and they hear of each other from it. */
  private async introduce(): Promise<void> {
    const [first, ...others] = this.masters;
    if (first === undefined) return;
    await withRedis(first.url, async (client) => {
      for (const { url, busPort } of others) {
        const { hostname, port } = new URL(url);
        await client.sendCommand(['CLUSTER', 'MEET', hostname, port, String(busPort)]);
      }
    });
  }

  private async waitUntilServing(): Promise<void> {
    const allServe = async () => (await Promise.all(this.masters.map(isServing))).every(Boolean);
    if (await waitFor(allServe, FORMING_TIMEOUT_MS, FORMING_INTERVAL_MS)) return;
    throw new SetupError('The Redis cluster does not serve all of its keys.');
  }
}

/** A server that knows all others and finds no fault says that the cluster is well. */
async function isServing({ url }: RedisServer): Promise<boolean> {
  const info = await withRedis(url, (client) => client.clusterInfo()).catch(() => '');
  const lines = info.split('\r\n');
  return (
    lines.includes('cluster_state:ok') &&
    lines.includes(`cluster_known_nodes:${MASTERS}`) &&
    lines.includes(`cluster_slots_ok:${SLOTS}`)
  );
}
