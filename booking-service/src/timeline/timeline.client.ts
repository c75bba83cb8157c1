import { timelinePart, type TimelineEntry } from '@flight-booking/contracts';
import { isUpstreamFailure, type ServiceClient } from '@flight-booking/platform';
import type { NeighbourName } from './timeline.schemas.js';

/** Somebody waits for the whole timeline, and it is of use without the part of a service that is slow. */
const TIMEOUT_MS = 1_000;

/** Asks one service what it did for a booking. */
export class TimelineClient {
  constructor(
    readonly service: NeighbourName,
    private readonly client: ServiceClient,
  ) {}

  /** The service's entries; undefined when it does not answer, or does not know the question. */
  async entriesOf(bookingId: number): Promise<TimelineEntry[] | undefined> {
    try {
      const { entries } = await this.client.call({
        method: 'GET',
        path: `/internal/bookings/${bookingId}/timeline`,
        answer: timelinePart,
        timeoutMs: TIMEOUT_MS,
      });
      return entries;
    } catch (error) {
      if (isUpstreamFailure(error)) return undefined;
      throw error;
    }
  }
}
