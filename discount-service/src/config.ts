import { commonVariables, databaseVariables, loadConfig, serviceUrl } from '@flight-booking/platform';
import { z } from 'zod';

const schema = z.object({
  ...commonVariables('discount-service', 8000),
  ...databaseVariables,
  FLIGHT_SEARCH_URL: serviceUrl,
});

/** The configuration of discount-service. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
