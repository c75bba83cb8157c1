import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { figuresOf, type Figures } from './measure/figures.js';
import { withCost } from './measure/turns.js';

const MS_PER_SECOND = 1_000;

/** A yardstick that runs as a process of its own. */
export class YardstickProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** @param program a file of `yardsticks`, without its ending */
  static async start(program: string, ...args: string[]): Promise<YardstickProcess> {
    const file = fileURLToPath(new URL(`../dist/yardsticks/${program}.js`, import.meta.url));
    const child = spawn(process.execPath, [file, ...args], {
      // Linux shares the processors out by sessions first. The services have one each, so a yardstick has one too.
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    return new YardstickProcess(child, `http://127.0.0.1:${port}`);
  }

  /** Has a yardstick that drives itself do so, and tell how long each operation took. */
  turn(seconds: number): Promise<Figures> {
    return withCost(
      () => [this.pid],
      async () => {
        const startedAt = performance.now();
        const answer = await fetch(`${this.url}/${seconds * MS_PER_SECOND}`);
        const durations = (await answer.json()) as number[];
        const elapsed = (performance.now() - startedAt) / MS_PER_SECOND;
        return { figures: figuresOf(durations, elapsed), count: durations.length };
      },
    );
  }

  get pid(): number {
    return this.child.pid as number;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}
