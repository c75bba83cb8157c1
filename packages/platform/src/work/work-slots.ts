import type { DomainError } from '../http/domain-error.js';

/** How much work may go on and wait at once. */
export interface WorkSlotsOptions {
  readonly slots: number;
  readonly queue: number;
  /** What the work is refused with that finds the queue full. */
  readonly refusal: () => DomainError;
}

/**
 * Runs a bounded number of works at once; a bounded number wait for their turn, first come, first served. For work that
 * takes so much of the processor or the memory that all of it at once would stop everything else.
 */
export class WorkSlots {
  private taken = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly options: WorkSlotsOptions) {}

  /**
   * Does the work when its turn comes.
   * @param signal takes the work out of the queue; work that has begun looks at it by itself
   * @throws the refusal when even the queue is full, and the signal's reason when it was aborted before its turn
   */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    await this.take(signal);
    try {
      return await work();
    } finally {
      this.give();
    }
  }

  private async take(signal: AbortSignal | undefined): Promise<void> {
    if (this.taken < this.options.slots) {
      this.taken += 1;
      return;
    }
    if (this.waiting.size >= this.options.queue) throw this.options.refusal();
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.waiting.delete(enter);
        reject(signal?.reason as Error);
      };
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      this.waiting.add(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** A slot passes to whoever waits longest without ever being free, so nobody can slip in between. */
  private give(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.taken -= 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
