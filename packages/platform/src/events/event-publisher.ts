import { z } from 'zod';
import type { ServiceClient } from '../client/service-client.js';
import { defineJob } from '../jobs/job.js';
import type { JobQueue } from '../jobs/job-queue.js';
import { handleJob, type JobHandler } from '../jobs/job-runner.js';
import type { Queries } from '../postgres/queries.js';
import type { Clock } from '../time/clock.js';
import {
  CLOUD_EVENT_CONTENT_TYPE,
  cloudEvent,
  createEvent,
  type CloudEvent,
  type EventType,
} from './cloud-event.js';

/** Delivers one event to one subscriber. */
export const deliverEvent = defineJob(
  'deliver-event',
  z.strictObject({ subscriber: z.string(), event: cloudEvent }),
);

/** Services that events go to, by name. */
export type Subscribers = Readonly<Record<string, ServiceClient>>;

/**
 * Tells other services what happened here. An event is one durable job per subscriber, added in the
 * transaction that made it true: it is delivered at least once if that commits and never if it does not.
 */
export class EventPublisher {
  constructor(
    private readonly source: string,
    private readonly subscribers: Subscribers,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes within a transaction, to the subscribers named.
   * @throws Error when the type is another service's: nobody would take the event from here
   */
  async publish<Data extends z.ZodType>(
    tx: Queries,
    type: EventType<Data>,
    data: z.input<Data>,
    subscribers: readonly string[],
  ): Promise<void> {
    const event = this.create(type, data);
    for (const subscriber of subscribers) await this.jobs.add(tx, deliverEvent, { subscriber, event });
  }

  /** Tells a subscriber now; for jobs that compute what they tell when they run. */
  async tell<Data extends z.ZodType>(
    subscriber: string,
    type: EventType<Data>,
    data: z.input<Data>,
  ): Promise<void> {
    await this.deliver(subscriber, this.create(type, data));
  }

  private create<Data extends z.ZodType>(type: EventType<Data>, data: z.input<Data>): CloudEvent {
    if (type.source !== this.source) throw new Error(`${type.type} is for ${type.source} to tell.`);
    return createEvent(type, data, this.clock.now());
  }

  private async deliver(subscriber: string, event: CloudEvent): Promise<void> {
    const client = this.subscribers[subscriber];
    if (client === undefined) throw new Error(`No subscriber is called ${subscriber}.`);
    await client.call({
      method: 'POST',
      path: '/internal/events',
      body: event,
      contentType: CLOUD_EVENT_CONTENT_TYPE,
      answer: z.undefined(),
      idempotent: true,
    });
  }

  /** The handler of the jobs that {@link publish} adds. */
  handler(): JobHandler {
    return handleJob(deliverEvent, ({ subscriber, event }) => this.deliver(subscriber, event));
  }
}
