import type { z } from 'zod';
import { DomainError } from '../http/domain-error.js';
import { defineRoute, noContent, reply, type Route, type RouteSource } from '../http/route.js';
import type { Database } from '../postgres/database.js';
import type { Queries } from '../postgres/queries.js';
import { CLOUD_EVENT_CONTENT_TYPE, cloudEvent, type CloudEvent, type EventType } from './cloud-event.js';

/** The event is of a type that nothing here listens to, or its data is not what the type says. */
export class UnknownEvent extends DomainError {
  static readonly slug = 'unknown-event';
  static readonly kind = 'unprocessable';
  static readonly title = 'The event is not understood';
}

/** What one type of event causes here. */
export interface EventConsumer {
  readonly type: string;
  readonly parse: (data: unknown) => unknown;
  readonly apply: (tx: Queries, data: unknown, event: CloudEvent) => Promise<void>;
}

/**
 * Binds a type of event to its effect.
 * @param apply changes the database; runs once per event, in the transaction that records it as consumed
 */
export const consume = <Data extends z.ZodType>(
  { type, data: schema }: EventType<Data>,
  apply: (tx: Queries, data: z.output<Data>, event: CloudEvent) => Promise<void>,
): EventConsumer => ({
  type,
  parse: (data) => {
    const parsed = schema.safeParse(data);
    if (!parsed.success)
      throw new UnknownEvent(`The data of ${type} is not as expected.`, {}, { cause: parsed.error });
    return parsed.data;
  },
  apply: (tx, data, event) => apply(tx, data as z.output<Data>, event),
});

const RECORD = {
  name: 'platform-record-consumed-event',
  text: `insert into consumed_events (event_id, event_type) values ($1, $2) on conflict do nothing`,
};

/** Receives events from other services and applies each once, however often and in whatever order they come. */
export class EventInbox implements RouteSource {
  constructor(
    private readonly database: Database,
    private readonly consumers: readonly EventConsumer[],
  ) {}

  get routes(): readonly Route[] {
    return [
      defineRoute({
        method: 'POST',
        path: '/internal/events',
        operation: 'receiveEvent',
        summary: 'Receive an event',
        tag: 'Internal',
        auth: 'service',
        contentTypes: [CLOUD_EVENT_CONTENT_TYPE],
        input: { body: cloudEvent },
        output: { 204: noContent },
        problems: [UnknownEvent],
        handler: async ({ body }) => {
          await this.receive(body);
          return reply(204, undefined);
        },
      }),
    ];
  }

  /** @throws UnknownEvent */
  async receive(event: CloudEvent): Promise<void> {
    const consumer = this.consumers.find(({ type }) => type === event.type);
    if (consumer === undefined) throw new UnknownEvent(`Nothing here listens to ${event.type}.`);
    const data = consumer.parse(event.data);
    await this.database.transaction(async (tx) => {
      const recorded = await tx.execute(RECORD, [`${event.source}/${event.id}`, event.type]);
      if (recorded === 1) await consumer.apply(tx, data, event);
    });
  }
}
