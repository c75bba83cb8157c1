import { setTimeout as sleep } from 'node:timers/promises';
import type { Told } from '../history.js';
import type { Random } from '../random.js';
import type { Client } from './client.js';
import type { World } from './world.js';

/** Test tokens of the payment provider, and how often customers have each. */
const TOKENS = [
  [50, 'tok_success'],
  [3, 'tok_declined'],
  [2, 'tok_insufficient_funds'],
  [1, 'tok_expired_card'],
  [1, 'tok_incorrect_cvc'],
  [1, 'tok_processing_error'],
  [3, 'tok_slow'],
  [4, 'tok_timeout_after_capture'],
  [4, 'tok_challenge'],
  [4, 'tok_late_success'],
  [2, 'tok_duplicate_webhook'],
  [2, 'tok_duplicate_webhook_10'],
  [3, 'tok_webhook_first'],
  [3, 'tok_webhooks_out_of_order'],
  [3, 'tok_wrong_amount'],
  [5, 'tok_refund_fails'],
] as const;

/** A booking as its customer was told of it. */
export interface BookingTold {
  readonly booking_id: number;
  readonly amount_due: number;
}

/** Which seats a customer wants. */
export type Wish =
  | { readonly flight_id: number; readonly seats: readonly string[] }
  | { readonly flight_id: number; readonly num_seats: number }
  | { readonly flight_ids: readonly number[]; readonly num_seats: number };

/** The steps of which journeys are made. */
export class Shopper {
  readonly random: Random;

  constructor(
    readonly client: Client,
    readonly world: World,
  ) {
    this.random = client.random;
  }

  /** Thinks, as people do between two clicks. */
  think(mostMs: number): Promise<void> {
    return sleep(this.random.between(0, mostMs));
  }

  /** A few seats of any flight. */
  anySeats(): Wish {
    return { flight_id: this.random.pick(this.world.flights), num_seats: this.random.between(1, 3) };
  }

  /** One of the seats that everybody wants. */
  hotSeat(): Wish {
    const { hotFlights, hotSeats } = this.world;
    return { flight_id: this.random.pick(hotFlights), seats: [this.random.pick(hotSeats)] };
  }

  lock(wish: Wish): Promise<Told> {
    return this.client.insist({
      action: 'lock',
      path: '/api/seats/lock',
      body: wish,
      key: this.random.key(),
    });
  }

  unlock(lockId: number): Promise<Told> {
    return this.client.ask({ action: 'unlock', method: 'DELETE', path: `/api/seats/lock/${lockId}` });
  }

  /** What is sent to book a lock. */
  bookingQuestion(wish: Wish, lockId: number, code?: string) {
    const { seats, ...flights } = { seats: undefined, ...wish };
    const body = {
      ...flights,
      num_seats: seats?.length ?? (wish as { num_seats: number }).num_seats,
      lock_id: lockId,
      ...(code !== undefined && { discount_code: code }),
    };
    return { action: 'book', path: '/api/bookings/create', body, key: this.random.key() } as const;
  }

  async book(wish: Wish, lockId: number, code?: string): Promise<BookingTold | undefined> {
    const { outcome, answer } = await this.client.insist(this.bookingQuestion(wish, lockId, code));
    return outcome === 'ok' ? (answer as BookingTold) : undefined;
  }

  token(): string {
    return this.random.weighted(TOKENS);
  }

  /** Pays, and goes on until it is known what became of it. */
  async pay(
    { booking_id, amount_due }: BookingTold,
    token = this.token(),
  ): Promise<'paid' | 'unpaid' | 'unknown'> {
    const told = await this.client.insist({
      action: 'pay',
      path: '/api/payments/initiate',
      body: { booking_id, amount: amount_due, payment_method: token },
      key: this.random.key(),
    });
    if (told.outcome === 'unknown') return 'unknown';
    if (told.outcome === 'refused') return 'unpaid';
    if (typeof told.answer.challenge_url === 'string') await this.meetChallenge(told.answer.challenge_url);
    return told.answer.booking_status === 'CONFIRMED' ? 'paid' : this.watch(booking_id);
  }

  /** Asks for the booking until it is paid, or is not going to be. */
  async watch(bookingId: number): Promise<'paid' | 'unpaid' | 'unknown'> {
    for (let tries = 0; tries < 8; tries += 1) {
      await sleep(500);
      const { answer } = await this.look(bookingId);
      if (['CONFIRMED', 'TICKETED'].includes(answer?.status)) return 'paid';
      if (['EXPIRED', 'CANCELLED'].includes(answer?.status)) return 'unpaid';
    }
    return 'unknown';
  }

  look(bookingId: number): Promise<Told> {
    return this.client.ask({ action: 'other', path: `/api/bookings/${bookingId}` });
  }

  ticket(bookingId: number): Promise<Told> {
    return this.client.insist({
      action: 'ticket',
      path: '/api/tickets/generate',
      body: { booking_id: bookingId },
    });
  }

  /** Asks what cancelling costs, and cancels at that; a quote that is over is replaced by the new one. */
  async cancel(bookingId: number): Promise<Told> {
    const quoted = this.random.chance(0.85) ? await this.quote(bookingId) : undefined;
    const first = await this.cancelAt(bookingId, quoted?.quote_id);
    if (first.outcome !== 'refused' || first.status !== 409) return first;
    const fresh = first.answer?.quote?.quote_id;
    return fresh === undefined ? first : this.cancelAt(bookingId, fresh);
  }

  /** Cancels in two tabs at once. */
  async cancelTwice(bookingId: number): Promise<void> {
    const quoted = await this.quote(bookingId);
    await Promise.all([
      this.cancelAt(bookingId, quoted?.quote_id),
      this.cancelAt(bookingId, quoted?.quote_id),
    ]);
  }

  cancelAt(bookingId: number, quoteId: unknown): Promise<Told> {
    return this.client.insist({
      action: 'cancel',
      path: `/api/bookings/${bookingId}/cancel`,
      body: quoteId === undefined ? {} : { quote_id: quoteId },
      key: this.random.key(),
    });
  }

  private async quote(bookingId: number): Promise<{ quote_id: unknown } | undefined> {
    const path = `/api/bookings/${bookingId}/cancellation-quote`;
    const { outcome, answer } = await this.client.ask({ action: 'other', path });
    return outcome === 'ok' ? answer : undefined;
  }

  /** Opens the provider's page and presses one of its buttons, or leaves. */
  private async meetChallenge(url: string): Promise<void> {
    const page = await this.client.ask({ action: 'other', path: url });
    const actions = [...String(page.answer).matchAll(/action="([^"]+)"/g)].map(([, action]) => action ?? '');
    if (actions.length === 0 || this.random.chance(0.1)) return;
    const path = new URL(this.random.pick(actions).replaceAll('&amp;', '&'), url).href;
    await this.client.insist({ action: 'other', method: 'POST', path });
  }
}
