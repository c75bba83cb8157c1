import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sendSignal } from './process-table.js';
import { RestartBackoff } from './restart-backoff.js';

/** A Node program to keep running. */
export interface NodeProgram {
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Receives what the program prints; emptied at the first start. */
  readonly logFile: string;
}

/** How a program ended that was meant to go on. */
export interface UnexpectedExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly restartInMs: number;
  /** The end of its log file. */
  readonly lastLog: string;
}

const PRELOAD = fileURLToPath(new URL('../../preload/exit-with-parent.mjs', import.meta.url));
/** With the head start of the gateway and the stop of the servers, everything is gone within five seconds. */
const DRAIN_TIMEOUT_MS = 2_700;
const LAST_LOG_LINES = 12;

/** Runs a Node program in its own process group and starts it again, with growing pauses, whenever it dies. */
export class SupervisedProcess {
  private child: ChildProcess | undefined;
  private exit: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private wanted = false;
  private launches = 0;
  private variables: Readonly<Record<string, string>> = {};

  constructor(
    private readonly program: NodeProgram,
    private readonly onUnexpectedExit: (exit: UnexpectedExit) => void,
    private readonly backoff = new RestartBackoff(),
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Starts the program, at once also where it waits to be started again after it died.
   * @param variables on top of the program's own, until it is stopped
   */
  start(variables: Readonly<Record<string, string>> = this.variables): void {
    this.wanted = true;
    this.variables = variables;
    if (this.child !== undefined) return;
    clearTimeout(this.timer);
    this.launch();
  }

  /** Asks the program to drain and exit, and ends it when it takes too long. */
  async stop(): Promise<void> {
    this.wanted = false;
    this.variables = {};
    clearTimeout(this.timer);
    const { child } = this;
    if (child?.pid === undefined) return;
    sendSignal(child.pid, 'SIGTERM');
    const timer = setTimeout(() => this.killNow(), DRAIN_TIMEOUT_MS);
    await this.exit;
    clearTimeout(timer);
  }

  /** Ends the program as a crash would; it is then started again like after any crash. */
  async kill(): Promise<void> {
    this.killNow();
    await this.exit;
  }

  /** Sends SIGKILL to the program and whatever it started, without waiting. */
  killNow(): void {
    if (this.child?.pid !== undefined) sendSignal(-this.child.pid, 'SIGKILL');
  }

  private launch(): void {
    const { script, cwd, env, logFile } = this.program;
    const log = openSync(logFile, this.launches++ === 0 ? 'w' : 'a', 0o600);
    const startedAt = Date.now();
    const child = spawn(process.execPath, ['--import', PRELOAD, script], {
      cwd,
      env: { ...env, ...this.variables },
      // Otherwise a terminal's Ctrl-C would reach the services at the same time as their supervisor.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child = child;
    this.exit = once(child, 'exit').then(
      ([code, signal]) => this.exited(startedAt, code as number | null, signal as NodeJS.Signals | null),
      // The program could not even be started; the reason is in no log.
      () => this.exited(startedAt, null, null),
    );
  }

  private exited(startedAt: number, code: number | null, signal: NodeJS.Signals | null): void {
    this.child = undefined;
    if (!this.wanted) return;
    const restartInMs = this.backoff.next(Date.now() - startedAt);
    this.timer = setTimeout(() => this.launch(), restartInMs);
    this.onUnexpectedExit({ code, signal, restartInMs, lastLog: lastLines(this.program.logFile) });
  }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LOG_LINES).join('\n');
}
