import type { EpochDay } from '../airports/airport-time.js';
import type { AnswerMemory } from './answer-memory.js';
import type { FlightChange } from './flight-change.js';
import type { IndexListener } from './index-follower.js';
import type { SearchCache } from './search-cache.js';

/**
 * Drops what a change of the index makes untrue: in this process before anything else is done, because nothing may be
 * found there that the index does not say any more; then in Redis, for the processes that have not heard yet.
 */
export class AnswerDropper implements IndexListener {
  constructor(
    private readonly memory: AnswerMemory,
    private readonly cache: SearchCache,
  ) {}

  flightsChanged(changes: readonly FlightChange[]): Promise<void> {
    this.memory.flightsChanged(changes);
    return this.cache.flightsChanged(changes);
  }

  daysChanged(days: ReadonlySet<EpochDay>): Promise<void> {
    this.memory.daysChanged(days);
    return this.cache.daysChanged(days);
  }
}
