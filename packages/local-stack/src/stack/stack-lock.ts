import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandOf } from '../processes/process-table.js';
import { SetupError } from '../setup.errors.js';

interface Owner {
  readonly pid: number;
  readonly command: string;
}

/** Keeps two stacks from using the same data folder; a lock whose process is gone does not count. */
export class StackLock {
  private held = false;

  constructor(private readonly file: string) {}

  /** @throws SetupError when a running stack holds the lock. */
  acquire(): void {
    if (this.held) return;
    const owner = this.owner();
    if (owner !== undefined) throw new SetupError(`The stack is already running, as process ${owner.pid}.`);
    rmSync(this.file, { force: true });
    mkdirSync(dirname(this.file), { recursive: true });
    const mine: Owner = { pid: process.pid, command: commandOf(process.pid) };
    // Exclusive: of two starts at the same moment, one fails here.
    writeFileSync(this.file, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
    this.held = true;
  }

  /** @returns whether it was held, and so whether the folder was ours. */
  release(): boolean {
    const { held } = this;
    if (held) rmSync(this.file, { force: true });
    this.held = false;
    return held;
  }

  /** The running process that holds the lock. */
  owner(): { readonly pid: number } | undefined {
    const saved = this.saved();
    // After a reboot the id may belong to another program.
    return saved !== undefined && commandOf(saved.pid) === saved.command ? saved : undefined;
  }

  private saved(): Owner | undefined {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Owner;
    } catch {
      return undefined;
    }
  }
}

/** The lock of the stack whose data is in a folder. */
export const lockIn = (dataDir: string): StackLock => new StackLock(join(dataDir, 'stack.lock'));
