import type { AircraftType } from '@flight-booking/contracts';
import type { Flight, FlightCabin } from './flight.js';

/** Columns that make a {@link FlightRow}. */
export const FLIGHT_COLUMNS = `
  flight_id, flight_number, airline, source, destination, source_terminal, destination_terminal, departure_at,
  arrival_at, departure_date - date '1970-01-01' as departure_day, aircraft_type, status, cancel_reason,
  economy_capacity, economy_available, economy_base_fare_paise, economy_fuel_surcharge_paise,
  business_capacity, business_available, business_base_fare_paise, business_fuel_surcharge_paise,
  user_development_fee_paise, aviation_security_fee_paise`;

/** A flight as its table has it. */
export interface FlightRow {
  readonly flight_id: number;
  readonly flight_number: string;
  readonly airline: string;
  readonly source: string;
  readonly destination: string;
  readonly source_terminal: string | null;
  readonly destination_terminal: string | null;
  readonly departure_at: Date;
  readonly arrival_at: Date;
  /** Days from 1970-01-01 to the local date of departure. */
  readonly departure_day: number;
  readonly aircraft_type: AircraftType;
  readonly status: 'SCHEDULED' | 'CANCELLED';
  readonly cancel_reason: string | null;
  readonly economy_capacity: number;
  readonly economy_available: number;
  readonly economy_base_fare_paise: number;
  readonly economy_fuel_surcharge_paise: number;
  readonly business_capacity: number;
  readonly business_available: number;
  readonly business_base_fare_paise: number | null;
  readonly business_fuel_surcharge_paise: number | null;
  readonly user_development_fee_paise: number;
  readonly aviation_security_fee_paise: number;
}

/** The flight of a row. */
export function flightOf(row: FlightRow): Flight {
  return {
    flightId: row.flight_id,
    flightNumber: row.flight_number,
    airlineCode: row.airline,
    sourceCode: row.source,
    destinationCode: row.destination,
    sourceTerminal: row.source_terminal ?? undefined,
    destinationTerminal: row.destination_terminal ?? undefined,
    departureAt: row.departure_at,
    arrivalAt: row.arrival_at,
    aircraftType: row.aircraft_type,
    status: row.status,
    cancelReason: row.cancel_reason ?? undefined,
    charges: {
      userDevelopmentFeePaise: row.user_development_fee_paise,
      aviationSecurityFeePaise: row.aviation_security_fee_paise,
    },
    cabins: cabinsOf(row),
  };
}

function cabinsOf(row: FlightRow): FlightCabin[] {
  const economy: FlightCabin = {
    cabin: 'economy',
    fare: {
      baseFarePaise: row.economy_base_fare_paise,
      fuelSurchargePaise: row.economy_fuel_surcharge_paise,
    },
    capacity: row.economy_capacity,
    available: row.economy_available,
  };
  if (row.business_base_fare_paise === null || row.business_fuel_surcharge_paise === null) return [economy];
  const business: FlightCabin = {
    cabin: 'business',
    fare: {
      baseFarePaise: row.business_base_fare_paise,
      fuelSurchargePaise: row.business_fuel_surcharge_paise,
    },
    capacity: row.business_capacity,
    available: row.business_available,
  };
  return [economy, business];
}
