import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from '../setup.errors.js';

/** A program that runs as a Redis server when started under the name `argv0`. */
export interface RedisProgram {
  readonly file: string;
  readonly argv0: string;
}

const INSTALL_TIMEOUT_MS = 180_000;

const HOW_TO_INSTALL = `No Redis was found. Do one of these, then start again:
  macOS            brew install redis
  Debian, Ubuntu   sudo apt-get install -y redis-server
  Fedora, RHEL     sudo dnf install -y valkey
  Windows          in a WSL terminal (wsl --install -d Ubuntu): sudo apt-get install -y redis-server
Or point REDIS_URL at a Redis 7 server that already runs.`;

/** Finds a Redis on this machine, or installs Debian's where that needs no password. @throws SetupError otherwise. */
export function redisProgram(onInstall: () => void = () => undefined): RedisProgram {
  const found = installedRedis();
  if (found !== undefined) return found;
  const installed = installDebianRedis(onInstall) ? installedRedis() : undefined;
  if (installed === undefined) throw new SetupError(HOW_TO_INSTALL);
  return installed;
}

/** The Redis server that is already on the PATH. */
export function installedRedis(): RedisProgram | undefined {
  for (const name of ['redis-server', 'valkey-server']) {
    const file = onPath(name);
    if (file !== undefined) return { file, argv0: name };
  }
  // Debian's redis-server is a link to this file, which looks at its name to know what to do.
  const multiCall = onPath('redis-check-rdb');
  return multiCall === undefined ? undefined : { file: multiCall, argv0: 'redis-server' };
}

function onPath(name: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/local/bin',
    '/opt/homebrew/bin',
    '/usr/bin',
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs redis-tools rather than redis-server: it holds the same program, while redis-server would also set up
 * and start a system service on port 6379 that nobody asked for.
 */
function installDebianRedis(onInstall: () => void): boolean {
  if (onPath('apt-get') === undefined) return false;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return false;
  onInstall();
  const prefix = isRoot ? [] : ['sudo', '-n'];
  const aptGet = (...args: string[]) =>
    run([...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]);
  const install = () => aptGet('install', '-y', '--no-install-recommends', 'redis-tools');
  // A fresh image has no package lists yet; one that has them need not fetch them again.
  return install() || (aptGet('update') && install());
}

function run([command = '', ...args]: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: INSTALL_TIMEOUT_MS }).status === 0;
}
