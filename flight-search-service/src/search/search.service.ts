import type { Page } from '@flight-booking/contracts';
import type { FoundItinerary, ItineraryQuery } from './itinerary.js';
import type { ItinerarySearch } from './itinerary-search.js';
import type { AnswerKey } from './kept-answer.js';
import type { KeptAnswers } from './kept-answers.js';
import { firstDepartureOf, flightsOf, madeAnswer, oneMore, toPage } from './search-page.js';

/** What a page looks like to customers. */
export type ViewPage = (page: Page<FoundItinerary>) => unknown;

/** Answers searches, with what was kept or from the timetable in memory. */
export class SearchService {
  constructor(
    private readonly itineraries: ItinerarySearch,
    private readonly answers: KeptAnswers,
    private readonly view: ViewPage,
  ) {}

  /**
   * What a query string is answered, if that lies ready. What a query string asks for never changes, whether it is
   * valid neither, so it need not be read again.
   */
  atHand(queryString: string): Buffer | undefined {
    return this.answers.atHand(queryString);
  }

  /** The answer of a search as the bytes of its JSON. */
  async search(query: ItineraryQuery, queryString: string): Promise<Buffer> {
    return this.answers.answer(keyOf(query), queryString, (now) => {
      const page = toPage(query, this.itineraries.find(oneMore(query), now));
      return madeAnswer(this.view(page), flightsOf(page.items), firstDepartureOf(page.items));
    });
  }
}

/** All of the query, so that no filter can be forgotten. */
const keyOf = (query: ItineraryQuery): AnswerKey => ({ days: [query.day], query: JSON.stringify(query) });
