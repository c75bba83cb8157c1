import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** Content type of one event in structured mode. */
export const CLOUD_EVENT_CONTENT_TYPE = 'application/cloudevents+json';

/** An event as CloudEvents 1.0 has it. `id` is unique per source and stays the same on every delivery. */
export const cloudEvent = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(128),
  type: z.string().min(1).max(128),
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
});
/** See {@link cloudEvent}. */
export type CloudEvent = z.infer<typeof cloudEvent>;

/** A kind of event: its name, whose it is and what it carries. */
export interface EventType<Data extends z.ZodType = z.ZodType> {
  readonly type: string;
  /** Client id of the one service that may say that this happened. */
  readonly source: string;
  readonly data: Data;
}

/** Makes an event that has just happened. */
export const createEvent = <Data extends z.ZodType>(
  { type, source, data: schema }: EventType<Data>,
  data: z.input<Data>,
  now: Date,
): CloudEvent => ({
  specversion: '1.0',
  id: randomUUID(),
  source,
  type,
  time: now.toISOString(),
  datacontenttype: 'application/json',
  data: schema.parse(data),
});
