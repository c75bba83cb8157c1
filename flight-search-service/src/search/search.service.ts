import type { Clock } from '@flight-booking/platform';
import { epochDayOf, epochMinuteOf, instantOf } from '../airports/airport-time.js';
import type { IndexFollower } from './index-follower.js';
import type { FoundItinerary } from './itinerary.js';
import type { ItinerarySearch } from './itinerary-search.js';
import { itineraryView } from './itinerary.view.js';
import type { AnswerKey, SearchCache } from './search-cache.js';
import { encodeCursor } from './search-cursor.js';
import type { SearchAnswer, SearchQuery } from './search.schemas.js';

/** Answers searches, from the cache or the timetable in memory. */
export class SearchService {
  private readonly underway = new Map<string, Promise<Buffer>>();

  constructor(
    private readonly itineraries: ItinerarySearch,
    private readonly follower: Pick<IndexFollower, 'isCurrent'>,
    private readonly cache: SearchCache,
    private readonly clock: Clock,
  ) {}

  /** The answer of a search as the bytes of its JSON, however many ask the same at once made only once. */
  search(query: SearchQuery): Promise<Buffer> {
    const key = keyOf(query);
    const name = `${key.day}/${key.query}`;
    let answer = this.underway.get(name);
    if (answer === undefined) {
      answer = this.answer(query, key).finally(() => this.underway.delete(name));
      this.underway.set(name, answer);
    }
    return answer;
  }

  private async answer(query: SearchQuery, key: AnswerKey): Promise<Buffer> {
    const cached = await this.cache.read(key);
    if (cached.answer !== undefined) return Buffer.from(cached.answer);
    const now = this.clock.now();
    const found = this.find(query, key, now);
    const page = found.slice(0, query.limit);
    const answer = JSON.stringify(answerOf(query, page, found.length > page.length));
    // A process that may have missed a change keeps its answers to itself.
    if (cached.seen !== undefined && this.follower.isCurrent) {
      const flightIds = new Set(page.flatMap((itinerary) => itinerary.flightIds));
      await this.cache.store(key, cached.seen, answer, flightIds, msToFirstDeparture(page, now));
    }
    return Buffer.from(answer);
  }

  /** One more than the page holds, to know whether there is a next one. */
  private find(query: SearchQuery, { day }: AnswerKey, now: Date): FoundItinerary[] {
    return this.itineraries.find(
      {
        source: query.source,
        destination: query.destination,
        day,
        passengers: query.passengers,
        maxStops: query.max_stops,
        cabin: query.cabin,
        sort: query.sort,
        limit: query.limit + 1,
        after: query.cursor,
      },
      epochMinuteOf(now),
    );
  }
}

function keyOf(query: SearchQuery): AnswerKey {
  const { source, destination, passengers, max_stops: stops, cabin, sort, limit, cursor } = query;
  const after = cursor === undefined ? '' : encodeCursor(cursor);
  return {
    day: epochDayOf(query.date),
    query: [source, destination, passengers, stops, cabin, sort, limit, after].join(':'),
  };
}

function answerOf(query: SearchQuery, page: readonly FoundItinerary[], more: boolean): SearchAnswer {
  const last = page.at(-1);
  return {
    itineraries: page.map(itineraryView),
    next_cursor: more && last !== undefined ? encodeCursor({ sort: query.sort, ...last }) : null,
  };
}

/** No other flight's departure can make the answer untrue, for those on other pages are not in it. */
const msToFirstDeparture = (page: readonly FoundItinerary[], now: Date): number =>
  page.reduce(
    (least, { legs }) => Math.min(least, instantOf(legs[0]?.departure ?? 0).getTime() - now.getTime()),
    Infinity,
  );
