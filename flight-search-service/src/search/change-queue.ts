import type { IdRange } from '../flights/flight.repository.js';

/** Flights to read anew. */
export interface PendingChanges {
  readonly ids: readonly number[];
  readonly ranges: readonly IdRange[];
}

/** Gathers what the database says has changed until somebody takes it, so that a burst is read at once. */
export class ChangeQueue {
  private ids = new Set<number>();
  private ranges: IdRange[] = [];
  private closed = false;
  private waiting: (() => void) | undefined;

  /** @param payload as the trigger writes it: `7,12,30` or `180001-183000` */
  add(payload: string): void {
    const range = /^(\d+)-(\d+)$/.exec(payload);
    if (range === null) for (const id of payload.split(',')) this.ids.add(Number(id));
    else this.ranges.push({ first: Number(range[1]), last: Number(range[2]) });
    this.wake();
  }

  clear(): void {
    this.ids.clear();
    this.ranges = [];
  }

  /** Lets whoever waits go on, with nothing if there is nothing. */
  wake(): void {
    this.waiting?.();
    this.waiting = undefined;
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  /** What has gathered; waits for something when there is nothing. */
  async take(): Promise<PendingChanges> {
    if (this.ids.size === 0 && this.ranges.length === 0 && !this.closed) {
      await new Promise<void>((resolve) => (this.waiting = resolve));
    }
    const taken = { ids: [...this.ids], ranges: this.ranges };
    this.clear();
    return taken;
  }
}
