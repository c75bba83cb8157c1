import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Keeps flights on sale up to the horizon. */
export const extendHorizon = defineJob('extend-horizon', z.strictObject({}));
