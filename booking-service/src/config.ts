import {
  commonVariables,
  databaseVariables,
  loadConfig,
  milliseconds,
  serviceUrl,
} from '@flight-booking/platform';
import { z } from 'zod';
import { cancellationVariables } from './cancellations/cancellation-policy.js';

const TEN_MINUTES_MS = 600_000;
/** Longer than the gateway waits for any answer, so a job never overtakes a request that somebody waits for. */
const TWENTY_SECONDS_MS = 20_000;

const schema = z.object({
  ...commonVariables('booking-service', 6000),
  ...databaseVariables,
  FLIGHT_SEARCH_URL: serviceUrl,
  SEAT_URL: serviceUrl,
  DISCOUNT_URL: serviceUrl,
  PAYMENT_URL: serviceUrl,
  TICKET_URL: serviceUrl,
  NOTIFICATION_URL: serviceUrl,
  /** How long a customer may take to pay. */
  BOOKING_TTL_MS: milliseconds.default(TEN_MINUTES_MS),
  /** How long a step may lie unfinished before a job takes it up. */
  SAGA_PATIENCE_MS: milliseconds.default(TWENTY_SECONDS_MS),
  ...cancellationVariables,
});

/** The configuration of booking-service. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
