import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removePostgresFiles } from '../postgres/postgres-server.js';
import { SetupError } from '../setup.errors.js';
import { lockIn } from './stack-lock.js';

/** Deletes a stopped stack's data, secrets and logs, wherever they are. */
export async function removeStackData(dataDir: string): Promise<void> {
  await removePostgresFiles(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
}

/** As `removeStackData`, unless a stack uses the data. @returns false when there was nothing to delete. */
export async function resetStack(dataDir: string): Promise<boolean> {
  const owner = lockIn(dataDir).owner();
  if (owner !== undefined) {
    throw new SetupError(`The stack is running, as process ${owner.pid}. Stop it first: kill ${owner.pid}`);
  }
  const existed = existsSync(dataDir);
  await removeStackData(dataDir);
  return existed;
}
