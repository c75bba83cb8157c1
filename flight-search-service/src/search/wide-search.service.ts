import type { Page } from '@flight-booking/contracts';
import { type CalendarDay, type CalendarQuery, calendarOf } from './calendar.js';
import type { FoundItinerary, ItineraryQuery } from './itinerary.js';
import type { Facets } from './itinerary-facets.js';
import type { ItinerarySearch } from './itinerary-search.js';
import type { KeptAnswers } from './kept-answers.js';
import type { FoundRoundTrips, RoundTripQuery, RoundTripSearch } from './round-trip-search.js';
import { firstDepartureOf, flightsOf, madeAnswer, oneMore, toPage } from './search-page.js';

/** Pages of both directions of a round trip. */
export interface RoundTripPages {
  readonly outbound: Page<FoundItinerary>;
  readonly inbound: Page<FoundItinerary>;
  readonly cheapest: FoundRoundTrips['cheapest'];
}

/** What wide searches look like to customers. */
export interface WideViews {
  facets(page: Page<FoundItinerary>, facets: Facets): unknown;
  calendar(days: readonly CalendarDay[]): unknown;
  roundTrips(pages: RoundTripPages): unknown;
}

/**
 * Answers searches that take a look at more than a page: what filters would leave, months, and journeys there and
 * back. Each says what ends it: a count or a bound may change with any flight of its days, a month as its days do.
 */
export class WideSearchService {
  constructor(
    private readonly itineraries: ItinerarySearch,
    private readonly roundTrips: RoundTripSearch,
    private readonly answers: KeptAnswers,
    private readonly views: WideViews,
  ) {}

  /** A page, and what each value of each filter would leave. */
  async withFacets(query: ItineraryQuery, queryString: string): Promise<Buffer> {
    const key = { days: [query.day], query: `facets ${JSON.stringify(query)}` };
    return this.answers.answer(key, queryString, (now) => {
      const page = toPage(query, this.itineraries.find(oneMore(query), now));
      const facets = this.itineraries.countFacets(query, now);
      return madeAnswer(this.views.facets(page, facets), 'any', facets.firstDeparture);
    });
  }

  /** A page of each direction, and the cheapest round trip. */
  async roundTrip(query: RoundTripQuery, queryString: string): Promise<Buffer> {
    const days = [...new Set([query.outbound.day, query.inbound.day])];
    const key = { days, query: `round-trip ${JSON.stringify(query)}` };
    return this.answers.answer(key, queryString, (now) => {
      const wanted = { outbound: oneMore(query.outbound), inbound: oneMore(query.inbound) };
      const found = this.roundTrips.find(wanted, now);
      const { cheapest } = found;
      const outbound = toPage(query.outbound, found.outbound);
      const inbound = toPage(query.inbound, found.inbound);
      const shown = [...outbound.items, ...inbound.items];
      if (cheapest !== undefined) shown.push(cheapest.outbound, cheapest.inbound);
      const concerns = found.bounded ? 'any' : flightsOf(shown);
      const departure = Math.min(found.firstDeparture, firstDepartureOf(shown));
      return madeAnswer(this.views.roundTrips({ outbound, inbound, cheapest }), concerns, departure);
    });
  }

  /** The cheapest itinerary of each day. */
  async calendar(query: CalendarQuery): Promise<Buffer> {
    const key = { days: query.days, query: `calendar ${JSON.stringify(query)}` };
    return this.answers.answer(key, undefined, (now) => {
      const days = calendarOf(this.itineraries, query, now);
      const shown = days.flatMap(({ cheapest }) => cheapest ?? []);
      return madeAnswer(this.views.calendar(days), flightsOf(shown), firstDepartureOf(shown));
    });
  }
}
