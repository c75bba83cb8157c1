import type { Cabin, FareBrand } from '@flight-booking/contracts';
import type { EpochDay, EpochMinute } from '../airports/airport-time.js';
import type { AirportCharges, CabinFare } from '../flights/fare.js';
import type { ItineraryBounds, ItineraryFilters } from './itinerary-filters.js';
import type { ItineraryPlace, SortOrder } from './itinerary-order.js';

/** What itineraries are looked for. */
export interface ItineraryQuery extends ItineraryFilters, ItineraryBounds {
  readonly source: string;
  readonly destination: string;
  /** Date of the first departure, by the clocks of the source. */
  readonly day: EpochDay;
  readonly passengers: number;
  readonly maxStops: 0 | 1 | 2;
  readonly cabin: Cabin;
  /** The brand whose price counts. */
  readonly brand: FareBrand;
  readonly sort: SortOrder;
  /** Most itineraries that are returned. */
  readonly limit: number;
  /** Only itineraries that come after this place. */
  readonly after?: ItineraryPlace | undefined;
}

/** A flight of an itinerary, as the index knew it when the search ran. */
export interface FoundLeg {
  readonly flightId: number;
  readonly flightNumber: string;
  readonly source: string;
  readonly destination: string;
  readonly departure: EpochMinute;
  readonly arrival: EpochMinute;
  /** What of the fare is before tax, in the cabin that was asked for. */
  readonly fare: CabinFare;
  readonly charges: AirportCharges;
  readonly availableSeats: number;
}

/** The wait between two legs. */
export interface FoundLayover {
  readonly airport: string;
  readonly minutes: number;
  readonly minimumMinutes: number;
  readonly terminalChange: boolean;
}

/** One way to travel. */
export interface FoundItinerary extends ItineraryPlace {
  /** What it was looked for in. */
  readonly cabin: Cabin;
  readonly brand: FareBrand;
  readonly legs: readonly FoundLeg[];
  readonly layovers: readonly FoundLayover[];
  /** What one passenger pays for all legs. */
  readonly pricePaise: number;
  /** From the first departure to the last arrival. */
  readonly durationMinutes: number;
}
