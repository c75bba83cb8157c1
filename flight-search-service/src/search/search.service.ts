import { type Page, pageOf } from '@flight-booking/contracts';
import type { Clock } from '@flight-booking/platform';
import { epochDayOfInstant, epochMinuteOf, instantOf } from '../airports/airport-time.js';
import { DAYS_ON_SALE } from '../flights/flight.js';
import type { IndexFollower } from './index-follower.js';
import type { FoundItinerary, ItineraryQuery } from './itinerary.js';
import type { ItinerarySearch } from './itinerary-search.js';
import type { AnswerKey, SearchCache } from './search-cache.js';
import { searchKeyOf } from './search-cursor.js';

/** Writes a page as the JSON that customers get. */
export type WritePage = (page: Page<FoundItinerary>) => string;

/** By the clocks of some place it is still yesterday, or tomorrow already. */
const CLOCK_DAYS = 1;

/** Answers searches, from the cache or the timetable in memory. */
export class SearchService {
  private readonly underway = new Map<string, Promise<Buffer>>();

  constructor(
    private readonly itineraries: ItinerarySearch,
    private readonly follower: Pick<IndexFollower, 'isCurrent'>,
    private readonly cache: SearchCache,
    private readonly clock: Clock,
    private readonly write: WritePage,
  ) {}

  /**
   * The answer of a search as the bytes of its JSON, however many ask the same at once made only once. A date on
   * which nothing can be sold has no itineraries; keeping no answer of it bounds what the cache may be made to hold.
   */
  async search(query: ItineraryQuery): Promise<Buffer> {
    if (!this.isOnSale(query)) return Buffer.from(this.write({ items: [], nextCursor: null }));
    const key = keyOf(query);
    const name = `${key.day}/${key.query}`;
    let answer = this.underway.get(name);
    if (answer === undefined) {
      answer = this.answer(query, key).finally(() => this.underway.delete(name));
      this.underway.set(name, answer);
    }
    return answer;
  }

  private isOnSale({ day }: ItineraryQuery): boolean {
    const today = epochDayOfInstant(this.clock.now());
    return day >= today - CLOCK_DAYS && day <= today + DAYS_ON_SALE + CLOCK_DAYS;
  }

  private async answer(query: ItineraryQuery, key: AnswerKey): Promise<Buffer> {
    const cached = await this.cache.read(key);
    if (cached.answer !== undefined) return Buffer.from(cached.answer);
    const now = this.clock.now();
    const page = this.find(query, now);
    const answer = this.write(page);
    // A process that may have missed a change keeps its answers to itself.
    if (cached.seen !== undefined && this.follower.isCurrent) {
      const flightIds = new Set(page.items.flatMap((itinerary) => itinerary.flightIds));
      await this.cache.store(key, cached.seen, answer, flightIds, msToFirstDeparture(page.items, now));
    }
    return Buffer.from(answer);
  }

  /** One more is looked for than the page holds, to know whether there is a next one. */
  private find(query: ItineraryQuery, now: Date): Page<FoundItinerary> {
    const found = this.itineraries.find({ ...query, limit: query.limit + 1 }, epochMinuteOf(now));
    return pageOf(found, query.limit, (itinerary) => searchKeyOf(query.sort, itinerary));
  }
}

function keyOf(query: ItineraryQuery): AnswerKey {
  const { day, source, destination, passengers, maxStops, cabin, sort, limit, after } = query;
  const place = after === undefined ? '' : searchKeyOf(sort, after);
  return {
    day,
    query: [source, destination, passengers, maxStops, cabin, sort, limit, place].join(':'),
  };
}

/** No other flight's departure can make the answer untrue, for those on other pages are not in it. */
const msToFirstDeparture = (page: readonly FoundItinerary[], now: Date): number =>
  page.reduce(
    (least, { legs }) => Math.min(least, instantOf(legs[0]?.departure ?? 0).getTime() - now.getTime()),
    Infinity,
  );
