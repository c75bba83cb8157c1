import type { Airport } from './airport.js';
import type { AirportAnswer } from './airport.schemas.js';

/** An airport as customers see it. */
export const toAirportView = (airport: Airport): AirportAnswer => ({
  code: airport.code,
  name: airport.name,
  city: airport.city,
  country: airport.country,
  time_zone: airport.timeZone,
});
