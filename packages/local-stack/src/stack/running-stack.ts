import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PerService } from '../services.js';
import { SetupError } from '../setup.errors.js';
import type { AdminCredentials } from './service-environment.js';
import { lockIn } from './stack-lock.js';

/** How another program of the same user reaches a stack that runs. */
export interface RunningStack {
  /** The address of each service's first copy. */
  readonly urls: PerService<string>;
  /** The addresses of all copies of each service. */
  readonly addresses: PerService<readonly string[]>;
  /** The connection string of each service that has a database. */
  readonly postgresUrls: Partial<PerService<string>>;
  /** The superuser's; absent when every database is on somebody else's server. */
  readonly adminPostgresUrl?: string | undefined;
  readonly redisUrl: string;
  readonly adminCredentials: AdminCredentials;
}

const fileIn = (dataDir: string): string => join(dataDir, 'stack.json');

/** Tells other programs where the stack is; only the file's owner can read it. */
export function announceStack(dataDir: string, running: RunningStack): void {
  withdrawStack(dataDir);
  writeFileSync(fileIn(dataDir), `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
}

/** Takes back what `announceStack` said, also what a killed stack had said. */
export function withdrawStack(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true });
}

/** Finds the stack that runs on a data folder, `.local` as a rule. @throws SetupError when none does. */
export function readRunningStack(dataDir: string): RunningStack {
  if (lockIn(dataDir).owner() === undefined) {
    throw new SetupError(`No stack runs on ${dataDir}. Start one: npm start`);
  }
  try {
    return JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as RunningStack;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new SetupError(`The stack on ${dataDir} is still starting. Try again in a moment.`, {
      cause: error,
    });
  }
}
