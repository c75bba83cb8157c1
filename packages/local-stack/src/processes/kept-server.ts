import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../ports/free-port.js';
import { SetupError } from '../setup.errors.js';
import { RestartBackoff } from './restart-backoff.js';
import { ServerProcess, type ServerCommand } from './server-process.js';
import { waitFor } from './wait-for.js';

/** A database server that is to run on a free port until it is stopped. */
export interface ServerDefinition {
  /** For messages. */
  readonly name: string;
  /** Prepares a run on this port and says how to start it. */
  command(port: number): Promise<ServerCommand>;
  /** Whether the server of this process id answers on this port. */
  isReady(pid: number, port: number): Promise<boolean>;
  /** Called when the server ends without our doing, and told whether it is started again. */
  onDeath(restarting: boolean): void;
}

/** How a server ends before it is started again. */
export interface RestartOptions {
  /** True kills it, so that it has to recover; false lets it close its connections and its files. */
  readonly crash: boolean;
}

// Recovery after a power cut replays at most a few hundred megabytes.
const START_TIMEOUT_MS = 60_000;
const START_ATTEMPTS = 3;

/** Runs a server and, should it crash, runs it again on the same port, where its clients look for it. */
export class KeptServer {
  private server: ServerProcess | undefined;
  private port: number | undefined;
  private recovery: Promise<void> = Promise.resolve();
  /** The server whose end is our own doing, and so no death to report. */
  private replaced: ServerProcess | undefined;

  constructor(private readonly definition: ServerDefinition) {}

  /** Starts the server and waits until it is ready; returns its port. @throws SetupError with its last words. */
  async start(): Promise<number> {
    for (let attempt = 1; this.port === undefined; attempt++) {
      const port = await freePort();
      const { server, ready } = await this.launch(port);
      if (ready) {
        this.port = port;
        this.keep(server);
      } else {
        const log = await server.lastLog();
        // Another process can take a free port before the server does.
        if (attempt < START_ATTEMPTS && log.includes('Address already in use')) continue;
        throw new SetupError(`${this.definition.name} did not start. Its last words:\n${log}`);
      }
    }
    return this.port;
  }

  /** Ends the server and starts it again; resolves when it answers, on the port that it had. */
  restart({ crash }: RestartOptions): Promise<void> {
    if (this.port === undefined) throw new Error(`${this.definition.name} is not running.`);
    // One after the other: two restarts at once would start two servers.
    this.recovery = this.recovery.then(() => this.replace(crash));
    return this.recovery;
  }

  /** Ends the server for good. Safe to call twice. */
  async stop(): Promise<void> {
    this.port = undefined;
    await this.server?.stop();
    await this.recovery;
  }

  /** Ends the server as a crash would, without waiting. */
  killNow(): void {
    this.port = undefined;
    this.server?.killNow();
  }

  private async launch(port: number): Promise<{ server: ServerProcess; ready: boolean }> {
    const server = await ServerProcess.spawn(await this.definition.command(port));
    this.server = server;
    let ready = false;
    await waitFor(async () => {
      ready = !server.hasExited && (await this.definition.isReady(server.pid, port));
      return ready || server.hasExited;
    }, START_TIMEOUT_MS);
    if (!ready) await server.stop();
    return { server, ready };
  }

  private async replace(crash: boolean): Promise<void> {
    const { server } = this;
    this.replaced = server;
    await (crash ? server?.crash() : server?.stop());
    if (this.port !== undefined) await this.recover(this.port);
  }

  private keep(server: ServerProcess): void {
    void server.exited.then((code) => {
      if (this.port === undefined || this.replaced === server) return;
      // Somebody told it to end, such as another start that took the data over: reviving it would be a fight.
      const restarting = code !== 0;
      this.definition.onDeath(restarting);
      if (restarting) this.recovery = this.recover(this.port);
    });
  }

  private async recover(port: number): Promise<void> {
    const backoff = new RestartBackoff();
    while (this.port !== undefined) {
      const { server, ready } = await this.launch(port);
      if (this.port === undefined) return server.stop();
      if (ready) return this.keep(server);
      // A killed PostgreSQL leaves processes that hold its memory for a moment.
      await sleep(backoff.next(0));
    }
  }
}
