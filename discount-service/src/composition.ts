import { ServiceKit, type Surroundings, type Service } from '@flight-booking/platform';
import type { Config } from './config.js';
import { DiscountController } from './discounts/discount.controller.js';
import { DiscountRepository } from './discounts/discount.repository.js';
import { DiscountService } from './discounts/discount.service.js';
import { FlightSearchClient } from './flights/flight-search.client.js';
import { RedemptionController } from './redemptions/redemption.controller.js';
import { RedemptionRepository } from './redemptions/redemption.repository.js';
import { RedemptionService } from './redemptions/redemption.service.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { TimelineRepository } from './timeline/timeline.repository.js';
import { TimelineService } from './timeline/timeline.service.js';

/** Builds discount-service; nothing is opened before it starts. */
export function compose(config: Config, surroundings: Surroundings = {}): Service {
  const kit = new ServiceKit('discount-service', config, surroundings);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const flightSearch = new FlightSearchClient(kit.client('flight-search', config.FLIGHT_SEARCH_URL));
  const codes = new DiscountRepository();
  const discounts = new DiscountService(database, codes, flightSearch);
  const redemptions = new RedemptionService(database, new RedemptionRepository(), codes);
  return kit.service([
    new DiscountController(discounts),
    new RedemptionController(redemptions),
    new TimelineController(new TimelineService(database, new TimelineRepository())),
  ]);
}
