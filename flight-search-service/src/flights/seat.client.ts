import { availability, type SeatsByCabin } from '@flight-booking/contracts';
import {
  type ServiceClient,
  UpstreamProblem,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '@flight-booking/platform';

/** Asks seat-service how many seats could be locked right now. */
export class SeatClient {
  constructor(
    private readonly client: ServiceClient,
    private readonly timeoutMs: number,
  ) {}

  /** Free seats by cabin, or `undefined` when seat-service does not say in time. */
  async availableSeats(flightId: number): Promise<SeatsByCabin | undefined> {
    try {
      const { flights } = await this.client.call({
        method: 'GET',
        path: `/internal/availability?flight_ids=${flightId}`,
        answer: availability,
        // The stored count is the answer for whoever would have to wait for a second attempt.
        idempotent: false,
        timeoutMs: this.timeoutMs,
      });
      return flights.find((flight) => flight.flight_id === flightId)?.available;
    } catch (error) {
      const silent =
        error instanceof UpstreamUnavailable ||
        error instanceof UpstreamTimeout ||
        error instanceof UpstreamProblem;
      if (silent) return undefined;
      throw error;
    }
  }
}
