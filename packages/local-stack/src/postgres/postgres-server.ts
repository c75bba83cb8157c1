import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from '../setup.errors.js';
import { KeptServer, type RestartOptions } from '../processes/kept-server.js';
import { commandOf } from '../processes/process-table.js';
import { stopStaleProcess, type ServerCommand } from '../processes/server-process.js';
import {
  makePrivateFolder,
  postgresAccount,
  reachableFolder,
  reachablePrograms,
  substituteFolder,
  type ServerAccount,
} from './postgres-account.js';
import { postgresNativeDir } from './postgres-binaries.js';

/** Where the server keeps its files and what it may lose. */
export interface PostgresOptions {
  /** Holds the data and the superuser's password; made when missing. */
  readonly home: string;
  readonly logFile: string;
  /** True keeps every commit through a power cut; false only through the end of the server, for tests. */
  readonly durable: boolean;
  /** Called when the server ends without our doing, and told whether it is started again. */
  readonly onDeath?: ((restarting: boolean) => void) | undefined;
}

interface Layout {
  readonly account: ServerAccount | undefined;
  readonly programs: string;
  readonly folder: string;
  readonly data: string;
}

const SUPERUSER = 'postgres';
// What the server has written, the kernel keeps when the server is killed. A commit that had not even been written
// (synchronous_commit=off) would be lost then, and a test could not tell that from a defect of ours.
const VOLATILE_SETTINGS = ['fsync=off', 'full_page_writes=off'];
// Four copies of eight services, each with a pool of twelve, and whoever looks on.
const MAX_CONNECTIONS = 500;
const INITDB_OPTIONS = [
  '--auth=scram-sha-256',
  // A power cut within half a minute of the very first start costs that start, which saves seconds on a slow disk.
  '--no-sync',
  '--encoding=UTF8',
  // The same order and case rules on every machine, whatever locales it has.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];
// Nothing of the caller's environment: PGDATA, PGPORT or a locale would change what the server does.
const SERVER_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** A PostgreSQL server on a free loopback port, with a random superuser password. */
export class PostgresServer {
  private server: KeptServer | undefined;
  private adminUrl: string | undefined;

  constructor(private readonly options: PostgresOptions) {}

  /** The superuser's connection string. @throws when the server is not running. */
  get url(): string {
    if (this.adminUrl === undefined) throw new Error('PostgreSQL is not running.');
    return this.adminUrl;
  }

  /** Starts the server and waits until it accepts connections; ends a server that a killed run left behind. */
  async start(): Promise<void> {
    if (this.adminUrl !== undefined) return;
    const layout = await this.layout();
    await stopStaleServer(layout.data);
    const password = await this.initialise(layout);
    this.server = new KeptServer({
      name: 'PostgreSQL',
      command: (port) => Promise.resolve(this.command(layout, port)),
      isReady: (pid) => isReady(pid, layout.data),
      onDeath: (restarting) => this.options.onDeath?.(restarting),
    });
    const port = await this.server.start();
    this.adminUrl = `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  }

  /** Ends the server and starts it again under the same connection string; resolves when it accepts connections. */
  async restart(options: RestartOptions): Promise<void> {
    if (this.adminUrl === undefined || this.server === undefined)
      throw new Error('PostgreSQL is not running.');
    await this.server.restart(options);
  }

  /** Disconnects everyone, writes a checkpoint and ends the server. */
  async stop(): Promise<void> {
    this.adminUrl = undefined;
    await this.server?.stop();
  }

  /** Ends the server without its last checkpoint; it recovers at the next start. */
  killNow(): void {
    this.server?.killNow();
  }

  private async layout(): Promise<Layout> {
    const { home } = this.options;
    const account = postgresAccount([join(home, 'data'), join(substituteFolder(home), 'data')]);
    const nativeDir = await postgresNativeDir();
    const folder = await reachableFolder(home, account);
    const programs = await reachablePrograms(nativeDir, folder, account);
    return { account, programs: join(programs, 'bin'), folder, data: join(folder, 'data') };
  }

  private async initialise({ account, programs, folder, data }: Layout): Promise<string> {
    const passwordFile = join(folder, 'superuser-password');
    if (existsSync(passwordFile)) return readFile(passwordFile, 'utf8');
    // The password is written last, so data without one is what an interrupted attempt left behind.
    await rm(data, { recursive: true, force: true });
    await makePrivateFolder(data, account);
    const password = randomBytes(24).toString('hex');
    const initialPassword = join(folder, 'initial-password');
    await writeFile(initialPassword, password, { mode: 0o600 });
    if (account !== undefined) await chown(initialPassword, account.uid, account.gid);
    const args = ['-D', data, '-U', SUPERUSER, `--pwfile=${initialPassword}`, ...INITDB_OPTIONS];
    await runInitdb(programs, folder, args, account);
    await rm(initialPassword);
    await writeFile(passwordFile, password, { mode: 0o600 });
    return password;
  }

  private command({ account, programs, folder, data }: Layout, port: number): ServerCommand {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      'unix_socket_directories=',
      `max_connections=${MAX_CONNECTIONS}`,
      // Recovery otherwise begins by syncing thousands of files one by one; only Linux has the single call.
      ...(process.platform === 'linux' ? ['recovery_init_sync_method=syncfs'] : []),
      ...(this.options.durable ? [] : VOLATILE_SETTINGS),
    ];
    return {
      command: join(programs, 'postgres'),
      args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
      cwd: folder,
      env: SERVER_ENV,
      logFile: this.options.logFile,
      stopSignal: 'INT',
      abortSignal: 'QUIT',
      ...(account === undefined ? {} : { user: account }),
    };
  }
}

async function runInitdb(
  programs: string,
  cwd: string,
  args: string[],
  account?: ServerAccount,
): Promise<void> {
  // Some package managers unpack without the executable bit; a read-only tree has it already.
  for (const program of ['initdb', 'postgres'])
    await chmod(join(programs, program), 0o755).catch(() => undefined);
  await promisify(execFile)(join(programs, 'initdb'), args, { cwd, env: SERVER_ENV, ...account }).catch(
    (error: Error & { stderr?: string }) => {
      throw new SetupError(`PostgreSQL could not make its data folder:\n${error.stderr ?? error.message}`, {
        cause: error,
      });
    },
  );
}

/** Lines of postmaster.pid: the first is the process id, the eighth its state. */
async function postmasterFile(data: string): Promise<readonly string[]> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.trim());
}

async function isReady(pid: number, data: string): Promise<boolean> {
  const lines = await postmasterFile(data);
  return lines[0] === String(pid) && lines[7] === 'ready';
}

async function stopStaleServer(data: string): Promise<void> {
  const pid = Number((await postmasterFile(data))[0]);
  // The id may belong to an unrelated process by now; only a server of this very folder is ours to end.
  if (!pid || !commandOf(pid).includes(data)) return;
  await stopStaleProcess(pid, 'SIGINT');
}

/** Deletes a server's files, also those that had to be kept elsewhere, and ends the server if it still runs. */
export async function removePostgresFiles(home: string): Promise<void> {
  for (const folder of [home, substituteFolder(home)]) {
    await stopStaleServer(join(folder, 'data'));
    await rm(folder, { recursive: true, force: true });
  }
}
