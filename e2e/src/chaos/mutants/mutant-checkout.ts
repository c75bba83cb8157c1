import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SERVICES } from '@flight-booking/local-stack';
import type { Patch } from './mutant.js';

const SCOPE = '@flight-booking';
const PACKAGES = ['packages/contracts', 'packages/local-stack', 'packages/platform'];
const FOLDERS = [...SERVICES.map(({ name }) => name as string), ...PACKAGES];
/** Sources do not run and their maps help nobody here. */
const LEFT_OUT = /\.(?:ts|map|tsbuildinfo)$|\/node_modules$/;

/** The mutant speaks of code that has changed since, so it has to be thought about anew. */
export class MutantDoesNotApply extends Error {
  override readonly name = 'MutantDoesNotApply';
}

/** @returns the text with the patch in it. @throws MutantDoesNotApply */
export function patched(text: string, { file, find, replace }: Patch): string {
  const found = text.split(find).length - 1;
  if (found === 1) return text.replace(find, () => replace);
  throw new MutantDoesNotApply(`${file} has ${found} times: ${find}`);
}

/** @throws MutantDoesNotApply when a patch of them does not fit the checkout as it is built */
export async function requireApplicable(rootDir: string, patches: readonly Patch[]): Promise<void> {
  for (const patch of patches) patched(await readFile(join(rootDir, patch.file), 'utf8'), patch);
}

/**
 * A copy of the built services with the patches in it; what they share with the checkout is linked to it.
 * @throws MutantDoesNotApply
 */
export async function mutantCheckout(rootDir: string, patches: readonly Patch[]): Promise<string> {
  await requireApplicable(rootDir, patches);
  const copy = await mkdtemp(join(tmpdir(), 'flight-booking-mutant-'));
  for (const folder of FOLDERS) {
    await cp(join(rootDir, folder), join(copy, folder), {
      recursive: true,
      filter: (source) => !LEFT_OUT.test(source),
    });
    const own = join(rootDir, folder, 'node_modules');
    if (existsSync(own)) await symlink(own, join(copy, folder, 'node_modules'));
  }
  await symlink(join(rootDir, 'docs'), join(copy, 'docs'));
  await symlink(join(rootDir, 'package.json'), join(copy, 'package.json'));
  await linkModules(rootDir, copy);
  for (const patch of patches) {
    const file = join(copy, patch.file);
    await writeFile(file, patched(await readFile(file, 'utf8'), patch));
  }
  return copy;
}

/** The same modules, but the workspace's own ones are those of the copy. */
async function linkModules(rootDir: string, copy: string): Promise<void> {
  const modules = join(copy, 'node_modules');
  await mkdir(join(modules, SCOPE), { recursive: true });
  for (const name of await readdir(join(rootDir, 'node_modules')))
    if (name !== SCOPE) await symlink(join(rootDir, 'node_modules', name), join(modules, name));
  for (const folder of FOLDERS) await symlink(join(copy, folder), join(modules, SCOPE, basename(folder)));
}

/** Removes the copy; what it links to stays. */
export const removeCheckout = (copy: string): Promise<void> => rm(copy, { recursive: true, force: true });
