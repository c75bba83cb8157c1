import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './process-table.js';

/** How the name of a folder begins that belongs to this process, after what its kind begins with. */
export const ownPrefix = (prefix: string): string => `${prefix}${process.pid}-`;

/**
 * A process that was killed could not remove its folders; their names tell whose they were.
 * @param prefix as {@link ownPrefix} took it
 * @param parents where such folders may be; one that does not exist holds none
 */
export async function removeAbandoned(prefix: string, parents: readonly string[]): Promise<void> {
  for (const parent of new Set(parents.filter((one) => existsSync(one)))) {
    for (const name of await readdir(parent)) {
      if (!name.startsWith(prefix)) continue;
      const pid = Number(name.slice(prefix.length).split('-')[0]);
      if (pid && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}
