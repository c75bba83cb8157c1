import {
  commonVariables,
  databaseVariables,
  loadConfig,
  milliseconds,
  serviceUrl,
  redisVariables,
} from '@flight-booking/platform';
import { z } from 'zod';

const TEN_MINUTES_MS = 600_000;

const schema = z.object({
  ...commonVariables('seat-service', 5000),
  ...databaseVariables,
  ...redisVariables,
  FLIGHT_SEARCH_URL: serviceUrl,
  /** How long a customer may think with seats in hand. */
  LOCK_TTL_MS: milliseconds.default(TEN_MINUTES_MS),
});

/** The configuration of seat-service. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
