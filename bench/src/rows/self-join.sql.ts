/**
 * The flights with just what a search of connections needs, and the two indexes that it wants: as fast as PostgreSQL can
 * be made to answer without being told which searches will come.
 */
export const MAKE_CONNECTING_FLIGHTS: readonly string[] = [
  'drop table if exists connecting_flights',
  `create table connecting_flights as
   select flight_id, source, destination, departure_date, departure_at, arrival_at, source_terminal,
          destination_terminal, economy_available as seats, status = 'SCHEDULED' as on_sale,
          a.country = b.country as domestic,
          economy_base_fare_paise + economy_fuel_surcharge_paise + user_development_fee_paise
            + aviation_security_fee_paise as price_paise
   from flights join airports a on a.code = source join airports b on b.code = destination`,
  'create index connecting_flights_out on connecting_flights (source, departure_date)',
  'create index connecting_flights_on on connecting_flights (source, destination, departure_at)',
  'vacuum analyze connecting_flights',
];

/** The best direct and one-stop itineraries from $1 to $2 whose first flight leaves on the date $3. */
export const ONE_STOP = `
  select flight_id, null as second_flight_id, price_paise from connecting_flights
  where source = $1 and destination = $2 and departure_date = $3 and on_sale and seats >= 1 and departure_at > now()
  union all
  select a.flight_id, b.flight_id, a.price_paise + b.price_paise
  from connecting_flights a
  join connecting_flights b on b.source = a.destination and b.destination = $2
    and b.departure_at between a.arrival_at + case
        when a.domestic <> b.domestic then interval '120 minutes'
        when not a.domestic then interval '90 minutes'
        when a.destination_terminal <> b.source_terminal then interval '75 minutes'
        else interval '45 minutes' end
      and a.arrival_at + case when a.domestic and b.domestic then interval '8 hours' else interval '12 hours' end
    -- Without bounds that do not look at b, the index could not be asked for a span of time.
    and b.departure_at between a.arrival_at + interval '45 minutes' and a.arrival_at + interval '12 hours'
  where a.source = $1 and a.departure_date = $3 and a.destination <> $2 and b.destination <> a.source
    and a.on_sale and b.on_sale and a.seats >= 1 and b.seats >= 1 and a.departure_at > now()
  order by price_paise limit 50`;
