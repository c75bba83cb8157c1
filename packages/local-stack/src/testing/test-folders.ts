import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../processes/process-table.js';

/** How the names of the folders for a test run's servers begin; the id of its process follows, and a hyphen. */
export const TEST_FOLDER_PREFIX = 'flight-booking-test-';

/** A run that was killed could not remove its folders; their names tell which process they belonged to. */
export async function removeAbandonedFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(TEST_FOLDER_PREFIX)) continue;
    const pid = Number(name.slice(TEST_FOLDER_PREFIX.length).split('-')[0]);
    if (pid && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}
