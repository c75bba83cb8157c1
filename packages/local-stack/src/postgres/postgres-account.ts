import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { chown, cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../setup.errors.js';

/** The operating-system account that PostgreSQL runs under when this process is root. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, and to use a folder that is not its account's: so whoever owns a folder of an
 * earlier run, else an account that every system has. Undefined when we are not root and it can run as we do.
 */
export function postgresAccount(dataFolders: readonly string[]): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = dataFolders
    .map((folder) => statSync(folder, { throwIfNoEntry: false }))
    .find((stat) => stat?.uid);
  if (owner !== undefined) return { uid: owner.uid, gid: owner.gid };
  const name = accountExists('postgres') ? 'postgres' : 'nobody';
  return { uid: accountId(name, '-u'), gid: accountId(name, '-g') };
}

function accountExists(name: string): boolean {
  return spawnSync('id', ['-u', name], { stdio: 'ignore' }).status === 0;
}

function accountId(name: string, flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
}

/** Whether the account can enter the folder: a root user's home, for example, is closed to others. */
function canEnter(account: ServerAccount, folder: string): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { cwd: '/', stdio: 'ignore', ...account })
      .status === 0
  );
}

/** Where a server's files go when its account cannot enter `folder`: one place per folder, so a restart finds it. */
export function substituteFolder(folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join('/var/tmp', `flight-booking-${hash}`);
}

/** Makes `folder` and returns it, or its substitute when the server's account could not enter it. */
export async function reachableFolder(folder: string, account: ServerAccount | undefined): Promise<string> {
  await mkdir(folder, { recursive: true });
  if (account === undefined || canEnter(account, folder)) return folder;
  const substitute = substituteFolder(folder);
  await mkdir(substitute, { mode: 0o755 }).catch(() => undefined);
  // Anyone may write to /var/tmp: what another user put there under our name is not to be run or trusted.
  const found = await lstat(substitute);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new SetupError(`${substitute} belongs to another user; remove it and start again.`);
  }
  return substitute;
}

/** The program folder, or a copy of it under `folder` when the server's account could not enter it. */
export async function reachablePrograms(
  nativeDir: string,
  folder: string,
  account: ServerAccount | undefined,
): Promise<string> {
  if (account === undefined || canEnter(account, join(nativeDir, 'bin'))) return nativeDir;
  const copy = join(folder, 'programs');
  const partial = `${copy}.partial`;
  await rm(partial, { recursive: true, force: true });
  await cp(nativeDir, partial, { recursive: true, verbatimSymlinks: true });
  await rm(copy, { recursive: true, force: true });
  await rename(partial, copy);
  return copy;
}

/** Gives an empty folder to the server's account and closes it to everyone else. */
export async function makePrivateFolder(folder: string, account: ServerAccount | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) await chown(folder, account.uid, account.gid);
}
