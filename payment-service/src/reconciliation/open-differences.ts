import type { Database, Lifecycle, Logger } from '@flight-booking/platform';
import type { DifferenceRepository } from './difference.repository.js';

const COUNT_EVERY_MS = 15_000;

/** How many differences are open, counted now and then, so that every process tells the same figure. */
export class OpenDifferences implements Lifecycle {
  private timer: NodeJS.Timeout | undefined;
  private counting: Promise<void> | undefined;
  private last = 0;

  constructor(
    private readonly database: Database,
    private readonly differences: DifferenceRepository,
    private readonly logger: Logger,
  ) {}

  /** As last counted. */
  get count(): number {
    return this.last;
  }

  start(): Promise<void> {
    this.timer ??= setInterval(() => {
      this.counting ??= this.countOnce();
    }, COUNT_EVERY_MS);
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.counting;
  }

  /** A figure that cannot be had stays as it was: the database's absence is told elsewhere. */
  private async countOnce(): Promise<void> {
    try {
      const kinds = await this.differences.countOpen(this.database);
      this.last = kinds.reduce((sum, { count }) => sum + count, 0);
    } catch (error) {
      this.logger.warn({ err: error }, 'the open differences cannot be counted');
    } finally {
      this.counting = undefined;
    }
  }
}
