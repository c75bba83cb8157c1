import { TooBusy } from './password.errors.js';

/** How much work may go on and wait at once. */
export interface WorkSlotsOptions {
  readonly slots: number;
  readonly queue: number;
}

/** Runs a bounded number of works at once; a bounded number wait for their turn, first come, first served. */
export class WorkSlots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: WorkSlotsOptions) {}

  /** @throws TooBusy when even the queue is full */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.take();
    try {
      return await work();
    } finally {
      this.give();
    }
  }

  private async take(): Promise<void> {
    if (this.taken < this.options.slots) {
      this.taken += 1;
      return;
    }
    if (this.waiting.length >= this.options.queue) throw new TooBusy();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** A slot passes to whoever waits longest without ever being free, so nobody can slip in between. */
  private give(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.taken -= 1;
    else next();
  }
}
