import { paiseToRupees } from '@flight-booking/contracts';
import type { FacetsView } from './facets.schemas.js';
import type { Facets, FacetValue } from './itinerary-facets.js';
import { clockWindowText } from './itinerary-filters.schemas.js';

/** Values as a query writes them. */
export const toFacetsView = (facets: Facets): FacetsView => ({
  total: facets.total,
  airlines: [...facets.airlines],
  max_stops: [...facets.maxStops],
  cabin: [...facets.cabins],
  departure_window: written(facets.departureWindows, clockWindowText),
  arrival_window: written(facets.arrivalWindows, clockWindowText),
  max_price: written(facets.maxPricePaise, paiseToRupees),
  max_layover_minutes: [...facets.maxLayoverMinutes],
});

const written = <Value, Written>(
  values: readonly FacetValue<Value>[],
  write: (value: Value) => Written,
): FacetValue<Written>[] => values.map(({ value, count }) => ({ value: write(value), count }));
