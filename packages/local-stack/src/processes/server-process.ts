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
}

// A checkpoint of a development database takes well under a second; the whole stack has five to stop.
const STOP_TIMEOUT_MS = 1_500;

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
      const release = guardProcess(server.pid, command.stopSignal);
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
    const timer = setTimeout(() => this.killNow(), STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(timer);
  }

  /** Ends the server as a crash would, without waiting. */
  killNow(): void {
    if (!this.hasEnded) sendSignal(-this.pid, 'SIGKILL');
  }
}

/** Ends a server that an earlier run left behind. */
export async function stopStaleProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  sendSignal(pid, signal);
  if (await waitUntilGone(pid, STOP_TIMEOUT_MS)) return;
  sendSignal(pid, 'SIGKILL');
  await waitUntilGone(pid, STOP_TIMEOUT_MS);
}
