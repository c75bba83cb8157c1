import { z } from 'zod';

/** A kind of durable work: its name and what it is told. */
export interface Job<Payload extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: Payload;
  /** How often it is tried before it is stuck and somebody must look at it. */
  readonly maxAttempts: number;
}

/**
 * Tries lie fifteen seconds apart at most and half of that on average, so this is about half an hour: longer than any
 * outage that ends by itself.
 */
const DEFAULT_MAX_ATTEMPTS = 240;

/** Declares a kind of durable work. */
export const defineJob = <Payload extends z.ZodType>(
  name: string,
  payload: Payload,
  options: { readonly maxAttempts?: number } = {},
): Job<Payload> => ({ name, payload, maxAttempts: options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS });

/** How a job's payload lies in the queue: with the request that caused it, so that logs can be followed. */
export const jobEnvelope = z.object({
  data: z.unknown(),
  request_id: z.string(),
  trace_id: z.string(),
});
