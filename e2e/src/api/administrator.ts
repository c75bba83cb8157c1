import { randomInt } from 'node:crypto';
import { ApiClient, withStatus } from './api-client.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const FLYING_MS = 2 * HOUR_MS;
const CONFLICT = 409;

/** What one passenger pays on a flight that {@link Administrator.addFlight} adds, before taxes and airport fees. */
export const FARE = { base_fare: 4_500, fuel_surcharge: 500 };

/** Somebody who runs the airline's side of the platform. */
export class Administrator {
  constructor(readonly api: ApiClient) {}

  /** Adds a flight of a small aircraft that leaves in so many hours, at the next whole minute; returns its id. */
  async addFlight(hoursAhead: number): Promise<number> {
    const departure = Math.ceil((Date.now() + hoursAhead * HOUR_MS) / MINUTE_MS) * MINUTE_MS;
    for (;;) {
      const added = await this.api.post('/api/flights', {
        airline: '9I',
        // A number flies once a day, and others may have drawn this one.
        flight_number: `9I${randomInt(1_000, 10_000)}`,
        source: 'DEL',
        destination: 'JAI',
        departure_time: new Date(departure).toISOString(),
        arrival_time: new Date(departure + FLYING_MS).toISOString(),
        aircraft_type: 'ATR72',
        fares: { economy: FARE },
      });
      if (added.status !== CONFLICT) return withStatus(added, 201).body.flight_id as number;
    }
  }

  /** Makes a code that takes off a flat amount of rupees; returns it. */
  async addDiscount(amount: number, limits: object = {}): Promise<string> {
    const code = `E${randomInt(2 ** 40)
      .toString(36)
      .toUpperCase()}`;
    const body = { code, description: `${amount} rupees off`, type: 'flat', amount, ...limits };
    withStatus(await this.api.post('/api/discounts', body), 201);
    return code;
  }
}

/** The administrator of a stack, signed in. */
export async function signInAsAdministrator(
  baseUrl: string,
  credentials: { readonly email: string; readonly password: string },
): Promise<Administrator> {
  const api = new ApiClient(baseUrl);
  api.token = withStatus(await api.post('/api/auth/login', credentials), 200).body.token;
  return new Administrator(api);
}
