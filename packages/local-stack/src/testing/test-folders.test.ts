import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { makeTestFolder, removeAbandonedFolders } from './test-folders.js';

const folders: string[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function testFolder(): string {
  const folder = makeTestFolder('parcels');
  folders.push(folder);
  return folder;
}

/** The id of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;

test('what a run that was killed has left is removed, and what a run still uses is not', async () => {
  const ours = testFolder();
  const abandoned = testFolder().replace(`-${process.pid}-`, `-${deadPid()}-`);
  renameSync(folders.pop() ?? '', abandoned);
  await removeAbandonedFolders();
  expect([existsSync(ours), existsSync(abandoned)]).toEqual([true, false]);
});

test.runIf(process.platform === 'linux')(
  'what a killed run has left in memory is removed by one that has its folders elsewhere',
  async () => {
    vi.stubEnv('TMPDIR', testFolder());
    const abandoned = join('/dev/shm', `flight-booking-test-${deadPid()}-parcels-1`);
    folders.push(abandoned);
    mkdirSync(abandoned);
    await removeAbandonedFolders();
    expect(existsSync(abandoned)).toBe(false);
  },
);

test('whoever says where temporary files go has them there', () => {
  const place = testFolder();
  vi.stubEnv('TMPDIR', place);
  expect(dirname(testFolder())).toBe(place);
});
