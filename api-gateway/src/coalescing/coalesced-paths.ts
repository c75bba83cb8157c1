/**
 * Reads that tell every user the same, by nothing but path and query: what the index of flights holds, and the list of
 * airports. Requests for the same of these, letter by letter, are coalesced.
 *
 * What is not here has its reason. A flight and the map of its seats tell every user the same too, but whoever has just
 * locked seats looks there for them, and must not be told what somebody else was told a moment before. All else depends on who
 * asks, or is for some roles.
 */
export const COALESCED_PATHS: ReadonlySet<string> = new Set([
  '/api/flights/search',
  '/api/flights/calendar',
  '/api/airports',
]);
