import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { guardProcess } from './exit-guard.js';
import { sendSignal, waitUntilGone } from './process-table.js';

/** How to run a database server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The name that the program sees as its own, when that differs from the file. */
  readonly argv0?: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Receives what the server prints; emptied at start. */
  readonly logFile: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Asks the server to close its connections and exit. */
  readonly stopSignal: 'INT' | 'TERM';
  /** Ends the server and every process of its at once, for when nobody can wait; it may have to recover later. */
  readonly abortSignal: 'QUIT' | 'TERM';
}

// The whole stack has five seconds to stop, of which the services may take three. On a slow disk PostgreSQL's last
// checkpoint takes longer than this; then it is aborted, and replays its log at the next start.
const STOP_TIMEOUT_MS = 1_000;
const ABORT_TIMEOUT_MS = 500;
// Nobody waits at a keyboard for a stale server, and one that is cut off can block the next for a while.
const STALE_TIMEOUT_MS = 10_000;

/** A database server in a process group of its own, which ends when we stop it or when this process dies. */
export class ServerProcess {
  /** Resolves when the process has ended, with its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  private hasEnded = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly command: ServerCommand,
  ) {
    const ended = (code: number | null) => {
      this.hasEnded = true;
      return code;
    };
    this.exited = once(child, 'exit').then(
      ([code]) => ended(code as number | null),
      () => ended(null),
    );
  }

  /** Starts the server; resolves once the process exists, which is before it answers. */
  static async spawn(command: ServerCommand): Promise<ServerProcess> {
    const log = openSync(command.logFile, 'w', 0o600);
    try {
      const child = spawn(command.command, command.args, {
        cwd: command.cwd,
        env: command.env,
        detached: true,
        stdio: ['ignore', log, log],
        ...(command.argv0 === undefined ? {} : { argv0: command.argv0 }),
        ...command.user,
      });
      const server = new ServerProcess(child, command);
      await once(child, 'spawn');
      const release = guardProcess(server.pid, command.abortSignal);
      void server.exited.then(release);
      return server;
    } finally {
      closeSync(log);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.hasEnded;
  }

  /** The end of what the server printed. */
  async lastLog(): Promise<string> {
    const text = await readFile(this.command.logFile, 'utf8');
    return text.trimEnd().split('\n').slice(-10).join('\n');
  }

  /** Ends the server, gently first; safe to call twice. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    sendSignal(this.pid, `SIG${this.command.stopSignal}`);
    const abort = setTimeout(() => this.killNow(), STOP_TIMEOUT_MS);
    const kill = setTimeout(() => sendSignal(-this.pid, 'SIGKILL'), STOP_TIMEOUT_MS + ABORT_TIMEOUT_MS);
    await this.exited;
    clearTimeout(abort);
    clearTimeout(kill);
  }

  /** Ends the server with SIGKILL, which leaves it nothing to do, and waits for its end. */
  async crash(): Promise<void> {
    if (!this.hasEnded) sendSignal(-this.pid, 'SIGKILL');
    await this.exited;
  }

  /** Ends the server without letting it finish anything, and without waiting. */
  killNow(): void {
    // To the server alone: a killed PostgreSQL leaves its other processes behind, one told to abort ends them.
    if (!this.hasEnded) sendSignal(this.pid, `SIG${this.command.abortSignal}`);
  }
}

/** Ends a server that an earlier run left behind. */
export async function stopStaleProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  sendSignal(pid, signal);
  if (await waitUntilGone(pid, STALE_TIMEOUT_MS)) return;
  sendSignal(pid, 'SIGKILL');
  await waitUntilGone(pid, STALE_TIMEOUT_MS);
}
