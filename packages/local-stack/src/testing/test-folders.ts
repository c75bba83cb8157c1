import { chmodSync, mkdtempSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownPrefix, removeAbandoned } from '../processes/abandoned-folders.js';

/** How the names of the folders of test runs begin. */
const TEST_FOLDER_PREFIX = 'flight-booking-test-';

/** Where Linux keeps files in memory. */
const MEMORY_FOLDER = '/dev/shm';
// PostgreSQL may keep a gigabyte of its log besides the databases. The other half of the memory is for the programs.
const FOLDER_BYTES = 2 * 1024 ** 3;
const MEMORY_BYTES = 2 * FOLDER_BYTES;

/**
 * Makes a folder for what nobody needs after a test. In memory where there is enough: databases come and go with
 * every test, and writing them to a disk takes longer than the tests do.
 * @param purpose a word for the folder's name
 */
export function makeTestFolder(purpose: string): string {
  const folder = mkdtempSync(join(parentFolder(), `${ownPrefix(TEST_FOLDER_PREFIX)}${purpose}-`));
  // PostgreSQL's account has to pass through; its data folder inside is closed.
  chmodSync(folder, 0o755);
  return folder;
}

/** Removes what runs that were killed have left, wherever they had their folders. */
export const removeAbandonedFolders = (): Promise<void> =>
  removeAbandoned(TEST_FOLDER_PREFIX, [MEMORY_FOLDER, tmpdir()]);

/** Whoever sets TMPDIR wants the files there. */
function parentFolder(): string {
  return process.env['TMPDIR'] === undefined && memoryIsRoomy() ? MEMORY_FOLDER : tmpdir();
}

function memoryIsRoomy(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
    return bavail * bsize >= FOLDER_BYTES && process.availableMemory() >= MEMORY_BYTES && runsPrograms();
  } catch {
    return false;
  }
}

/** A copy of PostgreSQL's programs may have to lie beside its data, and containers often forbid to run them there. */
function runsPrograms(): boolean {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const mount = mounts.map((line) => line.split(' ')).findLast(([, place]) => place === MEMORY_FOLDER);
  return mount?.[3]?.split(',').includes('noexec') === false;
}
