import { cabin, CURRENCY } from '@flight-booking/contracts';
import { z } from 'zod';

const valuesOf = <Value extends z.ZodType>(value: Value) =>
  z.array(z.strictObject({ value, count: z.int().min(0) }));

const clockWindow = valuesOf(z.string());

/** Under the names of the filters, what each of their values would leave. */
export const facets = z
  .strictObject({
    total: z.int().min(0).meta({ description: 'Itineraries of this search, on all its pages' }),
    airlines: valuesOf(z.string()).meta({ description: 'Airlines that fly whole itineraries' }),
    max_stops: valuesOf(z.int().min(0).max(2)),
    cabin: valuesOf(cabin),
    departure_window: clockWindow,
    arrival_window: clockWindow,
    max_price: valuesOf(z.number()).meta({ description: `In ${CURRENCY}` }),
    max_layover_minutes: valuesOf(z.int()),
  })
  .meta({
    description:
      'For each filter, how many itineraries there are when it has a value alone and all other filters stay as asked',
  });
/** See {@link facets}. */
export type FacetsView = z.infer<typeof facets>;
