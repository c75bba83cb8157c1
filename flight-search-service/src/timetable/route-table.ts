/**
 * How many flights a day an airline flies on a route in each direction. A fraction of seven is so many a week:
 * `3 / 7` is three.
 */
export type DailyFrequencies = Readonly<Record<string, number>>;

/** Routes by their one end (a hub), then by their other end; each is flown in both directions. */
export type RouteTable = Readonly<Record<string, Readonly<Record<string, DailyFrequencies>>>>;
