import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../ports/free-port.js';
import { SetupError } from '../setup.errors.js';
import { KeptServer, type RestartOptions } from '../processes/kept-server.js';
import type { ServerCommand } from '../processes/server-process.js';
import { waitFor } from '../processes/wait-for.js';
import { redisAnswers, withRedis } from './redis-client.js';
import { redisProgram, type RedisProgram } from './redis-program.js';

/** Where the server keeps its files and what it may lose. */
export interface RedisOptions {
  /** Holds the append-only file and the connection string; made when missing. */
  readonly home: string;
  readonly logFile: string;
  /** True keeps an append-only file; false keeps nothing, for tests. */
  readonly durable: boolean;
  /** True makes it fit to be one of a cluster; it serves nothing until that is formed. */
  readonly clustered?: boolean | undefined;
  /** @default a random one */
  readonly password?: string | undefined;
  /** A server that somebody else runs, or several of a cluster separated by commas; when given, nothing is started. */
  readonly externalUrl?: string | undefined;
  readonly onInstall?: (() => void) | undefined;
  /** Called when the server ends without our doing, and told whether it is started again. */
  readonly onDeath?: ((restarting: boolean) => void) | undefined;
}

// One logical database per test file; development uses the first.
const DATABASES = 512;
// A busy machine is not to be taken for a server that has died.
const NODE_TIMEOUT_MS = 5_000;

/** A Redis server on a free loopback port with a random password, or the one that `externalUrl` names. */
export class RedisServer {
  private server: KeptServer | undefined;
  private serverUrl: string | undefined;
  private readonly busPorts = new Map<number, number>();

  constructor(private readonly options: RedisOptions) {}

  /** The connection string. @throws when the server is not running. */
  get url(): string {
    if (this.serverUrl === undefined) throw new Error('Redis is not running.');
    return this.serverUrl;
  }

  /** The port on which the servers of a cluster talk to each other. @throws when this is not one of them. */
  get busPort(): number {
    const busPort = this.busPorts.get(Number(new URL(this.url).port));
    if (busPort === undefined) throw new Error('This Redis is not one of a cluster.');
    return busPort;
  }

  /** Starts the server and waits until it answers; ends a server that a killed run left behind. */
  async start(): Promise<void> {
    if (this.serverUrl !== undefined) return;
    if (this.options.externalUrl) {
      await assertAnswers(this.options.externalUrl);
      this.serverUrl = this.options.externalUrl;
      return;
    }
    await mkdir(this.options.home, { recursive: true });
    const urlFile = join(this.options.home, 'url');
    await shutDown(await readFile(urlFile, 'utf8').catch(() => ''));
    const program = redisProgram(this.options.onInstall);
    const password = this.options.password ?? randomBytes(24).toString('hex');
    const urlAt = (port: number) => `redis://:${password}@127.0.0.1:${port}`;
    this.server = new KeptServer({
      name: 'Redis',
      command: async (port) => {
        await writeFile(urlFile, urlAt(port), { mode: 0o600 });
        return this.command(program, password, port);
      },
      isReady: (_pid, port) => redisAnswers(urlAt(port)),
      onDeath: (restarting) => this.options.onDeath?.(restarting),
    });
    this.serverUrl = urlAt(await this.server.start());
  }

  /** Ends the server and starts it again under the same connection string. @throws when it is not ours. */
  async restart(options: RestartOptions): Promise<void> {
    if (this.server === undefined) throw new Error('There is no Redis of ours that could be restarted.');
    await this.server.restart(options);
  }

  /** Ends the server if it is ours. */
  async stop(): Promise<void> {
    this.serverUrl = undefined;
    if (this.server === undefined) return;
    await this.server.stop();
    await rm(join(this.options.home, 'url'), { force: true });
  }

  /** Ends the server, if it is ours, without waiting. */
  killNow(): void {
    this.server?.killNow();
  }

  private async command(program: RedisProgram, password: string, port: number): Promise<ServerCommand> {
    const { home, logFile, durable } = this.options;
    const configFile = join(home, 'redis.conf');
    const lines = [
      'bind 127.0.0.1',
      `port ${port}`,
      `requirepass ${password}`,
      ...(this.options.clustered === true ? await this.clusterLines(port) : [`databases ${DATABASES}`]),
      `dir ${JSON.stringify(home)}`,
      'save ""',
      `appendonly ${durable ? 'yes' : 'no'}`,
    ];
    // A file and not arguments, because anyone can read a process's arguments.
    await writeFile(configFile, `${lines.join('\n')}\n`, { mode: 0o600 });
    return {
      command: program.file,
      argv0: program.argv0,
      args: [configFile],
      cwd: home,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      logFile,
      stopSignal: 'TERM',
      abortSignal: 'TERM',
    };
  }

  /** The port for the other servers stays the same over a restart, for they look for it there. */
  private async clusterLines(port: number): Promise<string[]> {
    const busPort = this.busPorts.get(port) ?? (await freePort());
    this.busPorts.set(port, busPort);
    return [
      'cluster-enabled yes',
      'cluster-config-file nodes.conf',
      `cluster-port ${busPort}`,
      `cluster-node-timeout ${NODE_TIMEOUT_MS}`,
      // While one server is away, the others go on with what is theirs.
      'cluster-require-full-coverage no',
    ];
  }
}

async function assertAnswers(urls: string): Promise<void> {
  for (const url of urls.split(',')) {
    await withRedis(url, (client) => client.ping()).catch((cause: Error) => {
      throw new SetupError(
        `REDIS_URL points at ${new URL(url).host}, which does not answer: ${cause.message}`,
        { cause },
      );
    });
  }
}

/** Only our own server knows the random password in `url`, so this cannot reach anybody else's. */
async function shutDown(url: string): Promise<void> {
  if (url === '') return;
  // The server closes the connection instead of answering.
  await withRedis(url, (client) => client.sendCommand(['SHUTDOWN'])).catch(() => undefined);
  await waitFor(async () => !(await redisAnswers(url)), 2_000);
}
