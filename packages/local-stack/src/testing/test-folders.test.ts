import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
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

test('what a run that was killed has left is removed, and what a run still uses is not', async () => {
  const ours = testFolder();
  const { pid } = spawnSync(process.execPath, ['--version']);
  const abandoned = testFolder().replace(`-${process.pid}-`, `-${pid}-`);
  renameSync(folders.pop() ?? '', abandoned);
  await removeAbandonedFolders();
  expect([existsSync(ours), existsSync(abandoned)]).toEqual([true, false]);
});

test('whoever says where temporary files go has them there', () => {
  const place = testFolder();
  vi.stubEnv('TMPDIR', place);
  expect(dirname(testFolder())).toBe(place);
});
