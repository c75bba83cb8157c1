import { type Page, pageOf } from '@flight-booking/contracts';
import type { Clock } from '@flight-booking/platform';
import { epochDayOfInstant, epochMinuteOf, instantOf } from '../airports/airport-time.js';
import { DAYS_ON_SALE } from '../flights/flight.js';
import type { FoundItinerary, ItineraryQuery } from './itinerary.js';
import type { ItinerarySearch } from './itinerary-search.js';
import type { AnswerKey, MadeAnswer } from './kept-answer.js';
import type { KeptAnswers } from './kept-answers.js';
import { searchKeyOf } from './search-cursor.js';

/** Writes a page as the JSON that customers get. */
export type WritePage = (page: Page<FoundItinerary>) => string;

/** By the clocks of some place it is still yesterday, or tomorrow already. */
const CLOCK_DAYS = 1;

/** Answers searches, with what was kept or from the timetable in memory. */
export class SearchService {
  constructor(
    private readonly itineraries: ItinerarySearch,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
    private readonly write: WritePage,
  ) {}

  /**
   * What a query string is answered, if that lies ready. What a query string asks for never changes, whether it is
   * valid neither, so it need not be read again.
   */
  atHand(queryString: string): Buffer | undefined {
    return this.answers.atHand(queryString);
  }

  /**
   * The answer of a search as the bytes of its JSON. A date on which nothing can be sold has no itineraries; keeping
   * no answer of it bounds what the cache may be made to hold.
   */
  async search(query: ItineraryQuery, queryString: string): Promise<Buffer> {
    if (!this.isOnSale(query)) return Buffer.from(this.write({ items: [], nextCursor: null }));
    const key = keyOf(query);
    const answer = await this.answers.answer(key, () => this.make(query));
    this.answers.spell(key, queryString);
    return answer;
  }

  private isOnSale({ day }: ItineraryQuery): boolean {
    const today = epochDayOfInstant(this.clock.now());
    return day >= today - CLOCK_DAYS && day <= today + DAYS_ON_SALE + CLOCK_DAYS;
  }

  private make(query: ItineraryQuery): MadeAnswer {
    const page = this.find(query, this.clock.now());
    return {
      json: this.write(page),
      concerns: new Set(page.items.flatMap((itinerary) => itinerary.flightIds)),
      departsAtMs: firstDepartureMs(page.items),
    };
  }

  /** One more is looked for than the page holds, to know whether there is a next one. */
  private find(query: ItineraryQuery, now: Date): Page<FoundItinerary> {
    const found = this.itineraries.find({ ...query, limit: query.limit + 1 }, epochMinuteOf(now));
    return pageOf(found, query.limit, (itinerary) => searchKeyOf(query.sort, itinerary));
  }
}

/** All of the query, so that no filter can be forgotten. */
const keyOf = (query: ItineraryQuery): AnswerKey => ({ days: [query.day], query: JSON.stringify(query) });

/** No other flight's departure can make the answer untrue, for those on other pages are not in it. */
const firstDepartureMs = (page: readonly FoundItinerary[]): number =>
  page.reduce((least, { legs }) => Math.min(least, instantOf(legs[0]?.departure ?? 0).getTime()), Infinity);
