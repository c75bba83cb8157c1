import type { z } from 'zod';
import { NotAllowed } from '../auth/auth.errors.js';
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
  readonly source: string;
  /** Whether applying an event again changes nothing, so that no record of it is needed. */
  readonly repeatable: boolean;
  readonly parse: (data: unknown) => unknown;
  readonly apply: (tx: Queries, data: unknown, event: CloudEvent) => Promise<void>;
}

/**
 * Binds a type of event to its effect.
 * @param apply changes the database; runs once per event, in the transaction that records it as consumed. An effect that
 *   is `repeatable` runs each time, with no record and in no transaction: it tells by itself whether the event is news, by
 *   one statement, on what it is given or on its service's own database.
 */
export const consume = <Data extends z.ZodType>(
  { type, source, data: schema }: EventType<Data>,
  apply: (tx: Queries, data: z.output<Data>, event: CloudEvent) => Promise<void>,
  { repeatable = false }: { readonly repeatable?: boolean } = {},
): EventConsumer => ({
  type,
  source,
  repeatable,
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

/**
 * Receives events from other services and applies each once, however often and in whatever order they come. A service is
 * heard about what is its own alone: the caller must be the event's source, and the source the one whose type it is.
 */
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
        callers: [...new Set(this.consumers.map(({ source }) => source))],
        contentTypes: [CLOUD_EVENT_CONTENT_TYPE],
        input: { body: cloudEvent },
        output: { 204: noContent },
        problems: [UnknownEvent],
        handler: async ({ body, principal }) => {
          await this.receive(body, principal.clientId);
          return reply(204, undefined);
        },
      }),
    ];
  }

  /**
   * @param clientId who brings the event
   * @throws UnknownEvent | NotAllowed
   */
  async receive(event: CloudEvent, clientId: string): Promise<void> {
    if (event.source !== clientId) throw new NotAllowed('An event comes from its source.');
    const consumer = this.consumers.find(({ type }) => type === event.type);
    if (consumer === undefined) throw new UnknownEvent(`Nothing here listens to ${event.type}.`);
    if (consumer.source !== clientId) throw new NotAllowed(`${event.type} is not for you to tell.`);
    const data = consumer.parse(event.data);
    if (consumer.repeatable) {
      await consumer.apply(this.database, data, event);
      return;
    }
    await this.database.transaction(async (tx) => {
      const recorded = await tx.execute(RECORD, [`${event.source}/${event.id}`, event.type]);
      if (recorded === 1) await consumer.apply(tx, data, event);
    });
  }
}
