import type { TimelineFact } from '@flight-booking/contracts';
import type { MessageHistory } from './timeline.repository.js';

/** What happens to a message; what has no time has not happened. */
export function toTimelineFacts(message: MessageHistory): TimelineFact[] {
  const { status, finishedAt, failureReason, givenUpBecause } = message;
  const what = `The ${message.channel} "${message.subject ?? message.eventType}"`;
  const own = 'notification-service';
  return [
    {
      at: message.createdAt,
      event: 'message.queued',
      detail: `${what} waits to be sent.`,
      cause: `booking-service: ${message.eventType}`,
    },
    {
      at: message.retriedAt === null ? null : message.givenUpAt,
      event: 'message.failed',
      detail: `${what} could not be sent: ${givenUpBecause}.`,
      cause: own,
    },
    {
      at: message.retriedAt,
      event: 'message.retried',
      detail: `${what} waits to be sent again.`,
      cause: 'operator',
    },
    {
      at: status === 'SENT' ? finishedAt : null,
      event: 'message.sent',
      detail: `${what} was sent.`,
      cause: own,
    },
    {
      at: status === 'FAILED' ? finishedAt : null,
      event: 'message.failed',
      detail: `${what} could not be sent: ${failureReason}.`,
      cause: own,
    },
  ];
}
