import {
  commonVariables,
  databaseVariables,
  loadConfig,
  milliseconds,
  serviceUrl,
  redisVariables,
} from '@flight-booking/platform';
import { z } from 'zod';
import { fareVariables } from './flights/fare-rules.js';

/** The longest that the published timetable reaches. */
const MAX_HORIZON_DAYS = 360;
const MAX_LAYOVER_MINUTES = 24 * 60;
const FIVE_MINUTES_MS = 300_000;
const SIXTY_FOUR_MEBIBYTES = 64 * 1024 * 1024;

const layover = z.coerce.number().int().min(0).max(MAX_LAYOVER_MINUTES);

const schema = z.object({
  ...commonVariables('flight-search-service', 4000),
  ...databaseVariables,
  ...redisVariables,
  SEAT_URL: serviceUrl,
  BOOKING_URL: serviceUrl,
  /** `quick` flies some 300 flights a day, `full` some 3,000. */
  TIMETABLE_SIZE: z.enum(['quick', 'full']).default('quick'),
  /** Days ahead of today for which flights exist. */
  TIMETABLE_HORIZON_DAYS: z.coerce.number().int().min(1).max(MAX_HORIZON_DAYS).default(60),
  /** Longest wait between two domestic flights. */
  MAX_DOMESTIC_LAYOVER_MINUTES: layover.default(480),
  /** Longest wait where either flight is international. */
  MAX_INTERNATIONAL_LAYOVER_MINUTES: layover.default(720),
  /** However late its first departure, an answer is cached no longer. */
  SEARCH_CACHE_MAX_AGE_MS: milliseconds.default(FIVE_MINUTES_MS),
  /** What the answers may take that one process has stored in Redis and that live there. */
  SEARCH_CACHE_BYTES: z.coerce.number().int().min(0).default(SIXTY_FOUR_MEBIBYTES),
  /** What the answers in the memory of one process may take. */
  SEARCH_MEMORY_BYTES: z.coerce.number().int().min(0).default(SIXTY_FOUR_MEBIBYTES),
  ...fareVariables,
  /** How long a flight's page waits for live availability. */
  AVAILABILITY_TIMEOUT_MS: milliseconds.default(300),
});

/** The configuration of flight-search-service. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
