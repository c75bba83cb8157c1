import { isIP } from 'node:net';
import {
  commonVariables,
  loadConfig,
  milliseconds,
  redisVariables,
  serviceUrl,
} from '@flight-booking/platform';
import { z } from 'zod';

const perMinute = (requests: number) => z.coerce.number().int().min(1).default(requests);

const listOf = (isItem: (text: string) => boolean, error: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
    .refine((items) => items.every(isItem), { error });

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

const isNetwork = (text: string): boolean => {
  const [address = '', bits = '0', ...rest] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  );
};

const schema = z.object({
  ...commonVariables('api-gateway', 8080),
  ...redisVariables,
  FLIGHT_SEARCH_URL: serviceUrl,
  SEAT_URL: serviceUrl,
  BOOKING_URL: serviceUrl,
  PAYMENT_URL: serviceUrl,
  DISCOUNT_URL: serviceUrl,
  TICKET_URL: serviceUrl,
  NOTIFICATION_URL: serviceUrl,
  /** How long a service may take until its answer begins, and be silent while it goes on. */
  UPSTREAM_TIMEOUT_MS: milliseconds.default(15_000),
  /** How long a client may take nothing of an answer that waits for it. */
  CLIENT_TIMEOUT_MS: milliseconds.default(60_000),
  /** Most requests that each copy of a service gets at once; more wait. */
  UPSTREAM_CONNECTIONS: z.coerce.number().int().min(1).max(4_096).default(256),
  /**
   * How long after a read was sent to a service others for the same may wait for its answer with it; never when 0. It is
   * how much older an answer can be for it, and search promises changes within a second.
   */
  COALESCING_WINDOW_MS: z.coerce.number().int().min(0).default(100),
  RATE_LIMIT_PER_ADDRESS: perMinute(600),
  RATE_LIMIT_PER_USER: perMinute(1_200),
  RATE_LIMIT_AUTH_PER_ADDRESS: perMinute(60),
  /** All webhooks of a provider come from one address, and after an outage in a burst. */
  RATE_LIMIT_CALLBACKS_PER_ADDRESS: perMinute(6_000),
  /** Proxies in front whose X-Forwarded-For is believed. */
  TRUST_PROXY: listOf(isNetwork, 'must be addresses or networks such as 10.0.0.0/8, separated by commas'),
  /** Web pages of other origins that may call the API. */
  CORS_ORIGINS: listOf(isOrigin, 'must be origins such as https://app.example.com, separated by commas'),
  /** The API's OpenAPI document. */
  OPENAPI_FILE: z.string().optional(),
});

/** The configuration of api-gateway. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
