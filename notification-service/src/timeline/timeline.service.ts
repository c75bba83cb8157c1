import type { TimelineEntry } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { MessageHistory, TimelineRepository } from './timeline.repository.js';

/** An entry whose time is not text yet; without one it has not happened. */
type Fact = Omit<TimelineEntry, 'at'> & { readonly at: Date | null };

/** Tells what this service did for a booking. */
export class TimelineService {
  constructor(
    private readonly queries: Queries,
    private readonly timelines: TimelineRepository,
  ) {}

  /** The oldest first. */
  async ofBooking(bookingId: number): Promise<TimelineEntry[]> {
    const messages = await this.timelines.ofBooking(this.queries, bookingId);
    return messages
      .flatMap(factsOf)
      .flatMap(({ at, ...fact }) => (at === null ? [] : [{ ...fact, at }]))
      .toSorted((a, b) => a.at.getTime() - b.at.getTime())
      .map((fact) => ({ ...fact, at: fact.at.toISOString() }));
  }
}

function factsOf(message: MessageHistory): Fact[] {
  const { status, finishedAt, failureReason } = message;
  const what = `${message.channel} "${message.subject ?? message.eventType}"`;
  const own = 'notification-service';
  return [
    {
      at: message.createdAt,
      event: 'message.queued',
      detail: what,
      cause: `booking-service, by ${message.eventType}`,
    },
    {
      at: message.retriedAt === null ? null : message.givenUpAt,
      event: 'message.failed',
      detail: `${what}: ${message.givenUpBecause}`,
      cause: own,
    },
    { at: message.retriedAt, event: 'message.retried', detail: what, cause: 'administrator' },
    { at: status === 'SENT' ? finishedAt : null, event: 'message.sent', detail: what, cause: own },
    {
      at: status === 'FAILED' ? finishedAt : null,
      event: 'message.failed',
      detail: `${what}: ${failureReason}`,
      cause: own,
    },
  ];
}
