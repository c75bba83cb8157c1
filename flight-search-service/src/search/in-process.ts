/** The search without its service around it, for whoever measures or compares it. */
export { AIRPORTS } from '../airports/airport-directory.js';
export { epochDayOf, epochMinuteOf } from '../airports/airport-time.js';
export { FareRules } from '../flights/fare-rules.js';
export { FlightRepository } from '../flights/flight.repository.js';
export { FlightIndex } from './flight-index.js';
export { indexedFlightOf } from './indexed-flight.js';
export type { ItineraryQuery } from './itinerary.js';
export { ItinerarySearch } from './itinerary-search.js';
