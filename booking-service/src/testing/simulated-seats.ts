import {
  problemSlug,
  reservation as reservationAnswer,
  saleRequest,
  type Cabin,
  type ReservationRequest,
  type ReservedSeat,
} from '@flight-booking/contracts';
import { StubService, type StubRequest, type StubResponse } from '@flight-booking/local-stack/testing';
import { refusal } from './refusal.js';

interface SimulatedReservation {
  status: 'RESERVED' | 'SOLD' | 'RELEASED';
  givenBack: boolean;
  expiresAt: number;
  seats: ReservedSeat[];
}

/**
 * Seat-service as booking-service sees it: reservations by booking, freed by expiry or given back for good.
 * What tests change are the customer's locks, who else took the seats, and how long a sale takes.
 */
export class SimulatedSeats {
  readonly stub = new StubService();
  readonly reservations = new Map<number, SimulatedReservation>();
  /** What was answered to each payment, by its id. */
  private readonly sales = new Map<number, StubResponse>();
  locked = true;
  expiredSeatsAreTaken = false;
  cabins: readonly Cabin[] = [];
  /** Awaited before seats are reserved. */
  beforeReserve: () => Promise<void> = async () => {};
  /** Awaited before and after a sale takes effect. */
  beforeSale: () => Promise<void> = async () => {};
  afterSale: () => Promise<void> = async () => {};

  get url(): string {
    return this.stub.url;
  }

  async start(): Promise<void> {
    await this.stub.start();
    this.stub
      .on('PUT', '/internal/reservations/:id', (request) => this.reserve(request))
      .on('PUT', '/internal/reservations/:id/sale', (request) => this.sell(request))
      .on('DELETE', '/internal/reservations/:id', (request) => this.release(request));
  }

  stop(): Promise<void> {
    return this.stub.stop();
  }

  statusOf(bookingId: number): string | undefined {
    const reservation = this.reservations.get(bookingId);
    const expired = reservation?.status === 'RESERVED' && reservation.expiresAt <= Date.now();
    return expired ? 'RELEASED' : reservation?.status;
  }

  private async reserve({ params, body }: StubRequest): Promise<StubResponse> {
    await this.beforeReserve();
    const bookingId = Number(params['id']);
    const request = body as ReservationRequest;
    const known = this.reservations.get(bookingId);
    if (known !== undefined)
      return known.status === 'RELEASED'
        ? refusal(409, problemSlug.seatsLost)
        : this.answer(bookingId, known);
    if (!this.locked)
      return refusal(409, problemSlug.seatsNotLocked, {
        missing_step: 'lock',
        flight_ids: request.flight_ids,
      });
    const reservation: SimulatedReservation = {
      status: 'RESERVED',
      givenBack: false,
      expiresAt: Date.parse(request.expires_at),
      seats: request.flight_ids.flatMap((flight_id) =>
        Array.from({ length: request.num_seats }, (_, index) => ({
          flight_id,
          seat_number: `12${'ABCDEFGHJ'.charAt(index)}`,
          cabin: this.cabins[index] ?? 'economy',
        })),
      ),
    };
    this.reservations.set(bookingId, reservation);
    return this.answer(bookingId, reservation);
  }

  /** The answer to a payment stands, as it does in seat-service. */
  private async sell({ params, body }: StubRequest): Promise<StubResponse> {
    const { payment_id: paymentId } = saleRequest.parse(body);
    await this.beforeSale();
    const answer = this.sales.get(paymentId) ?? this.answerSale(Number(params['id']));
    this.sales.set(paymentId, answer);
    await this.afterSale();
    return answer;
  }

  private answerSale(bookingId: number): StubResponse {
    const reservation = this.reservations.get(bookingId);
    if (reservation === undefined) return refusal(409, problemSlug.seatsLost);
    const freed = this.statusOf(bookingId) === 'RELEASED';
    if (freed && (reservation.givenBack || this.expiredSeatsAreTaken))
      return refusal(409, problemSlug.seatsLost);
    reservation.status = 'SOLD';
    return this.answer(bookingId, reservation);
  }

  private release({ params }: StubRequest): StubResponse {
    const bookingId = Number(params['id']);
    const reservation = this.reservations.get(bookingId) ?? { expiresAt: 0, seats: [] };
    const released = { ...reservation, status: 'RELEASED' as const, givenBack: true };
    this.reservations.set(bookingId, released);
    return this.answer(bookingId, released);
  }

  private answer(bookingId: number, { status, seats }: SimulatedReservation): StubResponse {
    return { body: reservationAnswer.parse({ booking_id: bookingId, status, seats }) };
  }
}
