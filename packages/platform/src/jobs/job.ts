import { z } from 'zod';

/** A kind of durable work: its name and what it is told. */
export interface Job<Payload extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: Payload;
  /** How often it is tried before somebody must look at it; without end unless the work says otherwise. */
  readonly maxAttempts: number;
}

/** The most that the queue can count. Tries lie fifteen seconds apart at most, so this is five days. */
const NEVER_GIVES_UP = 32_767;

/** Declares a kind of durable work. */
export const defineJob = <Payload extends z.ZodType>(
  name: string,
  payload: Payload,
  options: { readonly maxAttempts?: number } = {},
): Job<Payload> => ({ name, payload, maxAttempts: options.maxAttempts ?? NEVER_GIVES_UP });

/** How a job's payload lies in the queue: with the request that caused it, so that logs can be followed. */
export const jobEnvelope = z.object({
  data: z.unknown(),
  request_id: z.string(),
  trace_id: z.string(),
});
