import type { Page } from '@flight-booking/contracts';
import { type Surroundings, EventInbox, type Service, ServiceKit } from '@flight-booking/platform';
import { AirportController } from './airports/airport.controller.js';
import { AIRPORTS } from './airports/airport-directory.js';
import type { Config } from './config.js';
import { availabilityChangedConsumer } from './flights/availability-changed.consumer.js';
import { FareChangeController } from './flights/fare-change.controller.js';
import { FareChangeRepository } from './flights/fare-change.repository.js';
import { FareChangeService } from './flights/fare-change.service.js';
import { FareRules } from './flights/fare-rules.js';
import { FlightController } from './flights/flight.controller.js';
import { FlightRepository } from './flights/flight.repository.js';
import { FlightService } from './flights/flight.service.js';
import { SeatClient } from './flights/seat.client.js';
import { AnswerDropper } from './search/answer-dropper.js';
import { AnswerMemory } from './search/answer-memory.js';
import { FlightIndex } from './search/flight-index.js';
import { IndexFollower } from './search/index-follower.js';
import type { FoundItinerary } from './search/itinerary.js';
import { ItinerarySearch } from './search/itinerary-search.js';
import { KeptAnswers } from './search/kept-answers.js';
import { toCalendarView } from './search/calendar.view.js';
import { toFacetsView } from './search/facets.view.js';
import { RoundTripSearch } from './search/round-trip-search.js';
import { toRoundTripView } from './search/round-trip.view.js';
import { SearchCache } from './search/search-cache.js';
import { SearchController } from './search/search.controller.js';
import { SearchService } from './search/search.service.js';
import { toSearchView } from './search/search.view.js';
import { WideSearchService } from './search/wide-search.service.js';
import { extendHorizonHandler } from './timetable/extend-horizon.job.js';
import { TimetableRepository } from './timetable/timetable.repository.js';
import { TimetableService } from './timetable/timetable.service.js';

/** An answer of two lines costs more than its bytes. */
const MOST_ANSWERS_IN_MEMORY = 20_000;

/** Wires flight-search-service together. Nothing is opened before the service starts. */
export function compose(config: Config, surroundings: Surroundings = {}): Service {
  const kit = new ServiceKit('flight-search-service', config, surroundings);
  const { clock, logger, metrics } = kit;
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const redis = kit.redis(config.REDIS_URL, { optional: true });
  const seatService = kit.client('seat', config.SEAT_URL);
  const events = kit.events({ seat: seatService, booking: kit.client('booking', config.BOOKING_URL) });

  const rules = new FareRules(config);
  const repository = new FlightRepository();
  const timetable = new TimetableService(database, new TimetableRepository(), repository, events, clock, {
    size: config.TIMETABLE_SIZE,
    horizonDays: config.TIMETABLE_HORIZON_DAYS,
  });
  const index = new FlightIndex(AIRPORTS);
  const maxAgeMs = config.SEARCH_CACHE_MAX_AGE_MS;
  const cache = new SearchCache(redis, { maxAgeMs, maxBytes: config.SEARCH_CACHE_BYTES }, logger);
  const memory = new AnswerMemory({
    maxAgeMs,
    maxBytes: config.SEARCH_MEMORY_BYTES,
    maxAnswers: MOST_ANSWERS_IN_MEMORY,
  });
  const dropper = new AnswerDropper(memory, cache);
  const follower = new IndexFollower(database, repository, index, rules, dropper, clock, logger);
  const itineraries = new ItinerarySearch(index, {
    domesticMinutes: config.MAX_DOMESTIC_LAYOVER_MINUTES,
    internationalMinutes: config.MAX_INTERNATIONAL_LAYOVER_MINUTES,
  });
  const flights = new FlightService(
    database,
    repository,
    new SeatClient(seatService, config.AVAILABILITY_TIMEOUT_MS),
    events,
    clock,
  );
  const answers = new KeptAnswers(memory, cache, follower, clock, metrics);
  const fareChanges = new FareChangeService(database, repository, new FareChangeRepository(), clock);
  const toPageView = (page: Page<FoundItinerary>) => toSearchView(page, rules);
  const searches = new SearchService(itineraries, answers, toPageView);
  const wideSearches = new WideSearchService(itineraries, new RoundTripSearch(itineraries), answers, {
    facets: (page, facets) => ({ ...toPageView(page), facets: toFacetsView(facets) }),
    calendar: toCalendarView,
    roundTrips: (pages) => toRoundTripView(pages, toPageView),
  });
  metrics.gauge('search_index_flights', 'Flights in the index.', () => index.size);

  kit.add(timetable);
  kit.add(cache);
  kit.add(follower);
  kit.jobRunner(database, config, [events.handler(), extendHorizonHandler(timetable)]);
  return kit.service([
    new SearchController(searches, wideSearches),
    new FlightController(flights, rules),
    new FareChangeController(fareChanges, rules),
    new AirportController(),
    kit.stuckJobs(database, '/api/flights'),
    new EventInbox(database, [availabilityChangedConsumer(repository)]),
  ]);
}
