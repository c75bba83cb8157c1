import { setTimeout as sleep } from 'node:timers/promises';
import {
  bookingDetail,
  confirmBookingAnswer,
  paymentStatesAnswer,
  problemSlug,
  type BookingDetail,
  type BookingStatus,
  type ConfirmBookingAnswer,
  type PaymentReturnReason,
  type PaymentStateChangesAnswer,
  type PaymentStatesAnswer,
} from '@flight-booking/contracts';
import { StubService, type StubRequest, type StubResponse } from '@flight-booking/local-stack/testing';

/** A booking of the stub; what a test does not say is as usual. */
export interface TestBooking {
  readonly bookingId: number;
  readonly userId: number;
  status: BookingStatus;
  amountDuePaise: number;
  expiresAt: Date;
  confirmedBy?: number;
  /** What a payment that comes is refused with. */
  refuses?: PaymentReturnReason;
  /** What a confirmation is answered with instead, as long as it is set. */
  answers?: StubResponse;
  /** How many confirmations must have come before any is answered. */
  gathers?: number;
  /** What happens after a confirmation was asked for and before it is answered. */
  beforeVerdict?: (paymentId: number) => Promise<void>;
  /** What of the payment that confirmed it has to go back. */
  refundDuePaise?: number;
  /** For how long it has been like this; for an hour when a test does not say. */
  unchangedMs?: number;
}

const LOOK_EVERY_MS = 20;
const TEN_MINUTES_MS = 600_000;

/** A problem document as a service answers it. */
export const problem = (status: number, type: string): StubResponse => ({
  status,
  body: { type, title: type, status, request_id: 'stub-request' },
});

/** Stands for booking-service: knows bookings, and keeps its promise that confirming is safe to repeat. */
export class TestBookings {
  readonly stub = new StubService();
  private readonly bookings = new Map<number, TestBooking>();
  private readonly refusals = new Map<number, TestBooking>();
  private readonly changes: PaymentStatesAnswer['payments'] = [];
  private lastId = 0;

  constructor() {
    this.stub.on('GET', '/internal/bookings/:id', ({ params }) => {
      const booking = this.bookings.get(Number(params['id']));
      return booking === undefined ? problem(404, problemSlug.bookingNotFound) : { body: detailOf(booking) };
    });
    this.stub.on('POST', '/internal/bookings/:id/confirm', (request) => this.confirm(request));
    this.answerStates();
    this.stub.on('GET', '/internal/payment-states', ({ query }) => ({ body: this.changesAfter(query) }));
  }

  /** Tells of payments that nobody changed here, as booking-service does when their bookings change. */
  announce(...states: PaymentStatesAnswer['payments']): void {
    this.changes.push(...states);
  }

  /** What booking-service knows of a payment. */
  stateOf(paymentId: number): PaymentStatesAnswer['payments'] {
    return this.states([paymentId]).payments;
  }

  private changesAfter({ after = '0:0' }: StubRequest['query']): PaymentStateChangesAnswer {
    const payments = this.changes.slice(Number(after.split(':')[1]));
    return {
      payments,
      ...(payments.length > 0 && { position: `0:${this.changes.length}` }),
    };
  }

  /** Tells what is known of payments, as booking-service does. */
  answerStates(): void {
    this.stub.on('POST', '/internal/bookings/payment-states', ({ body }) => ({
      body: this.states((body as { payment_ids: number[] }).payment_ids),
    }));
  }

  add(booking: Partial<TestBooking> = {}): TestBooking {
    this.lastId += 1;
    const added: TestBooking = {
      bookingId: this.lastId,
      userId: 10,
      status: 'PENDING',
      amountDuePaise: 633_100,
      expiresAt: new Date(Date.now() + TEN_MINUTES_MS),
      ...booking,
    };
    this.bookings.set(added.bookingId, added);
    return added;
  }

  remove({ bookingId }: TestBooking): void {
    this.bookings.delete(bookingId);
  }

  /** How often a confirmation of the booking was asked for. */
  confirmations({ bookingId }: TestBooking): number {
    const path = `/internal/bookings/${bookingId}/confirm`;
    return this.stub.requests.filter((request) => request.path === path).length;
  }

  private async confirm({ params, body }: StubRequest): Promise<StubResponse> {
    const booking = this.bookings.get(Number(params['id']));
    if (booking === undefined) return problem(404, problemSlug.bookingNotFound);
    while (this.confirmations(booking) < (booking.gathers ?? 0)) await sleep(LOOK_EVERY_MS);
    if (booking.answers !== undefined) return booking.answers;
    const { payment_id: paymentId, amount_paise: amountPaise } = body as Record<string, number>;
    await booking.beforeVerdict?.(paymentId as number);
    if (amountPaise !== booking.amountDuePaise) return problem(422, problemSlug.amountMismatch);
    const refusal =
      booking.refuses ?? (this.isPaidByAnother(booking, paymentId) ? 'already_paid' : undefined);
    if (refusal !== undefined) {
      this.refusals.set(paymentId as number, booking);
      return verdict({ accepted: false, booking_status: booking.status, reason: refusal });
    }
    booking.status = 'CONFIRMED';
    booking.confirmedBy = paymentId as number;
    return verdict({ accepted: true, booking_status: 'CONFIRMED' });
  }

  private states(paymentIds: readonly number[]): PaymentStatesAnswer {
    const payments = paymentIds.flatMap((paymentId) => {
      const accepting = [...this.bookings.values()].find(({ confirmedBy }) => confirmedBy === paymentId);
      const booking = accepting ?? this.refusals.get(paymentId);
      if (booking === undefined) return [];
      const known = {
        payment_id: paymentId,
        booking_id: booking.bookingId,
        booking_status: booking.status,
        unchanged_ms: booking.unchangedMs ?? 3_600_000,
      };
      return accepting === undefined
        ? [
            {
              ...known,
              verdict: booking.refuses ?? 'already_paid',
              refund_due_paise: booking.amountDuePaise,
            },
          ]
        : [{ ...known, verdict: 'accepted', refund_due_paise: booking.refundDuePaise ?? 0 }];
    });
    return paymentStatesAnswer.parse({ payments });
  }

  private isPaidByAnother({ confirmedBy }: TestBooking, paymentId: number | undefined): boolean {
    return confirmedBy !== undefined && confirmedBy !== paymentId;
  }
}

/** What booking-service says to a payment, in the words of the contract. */
export const verdict = (answer: ConfirmBookingAnswer): StubResponse => ({
  body: confirmBookingAnswer.parse(answer),
});

function detailOf(booking: TestBooking): BookingDetail {
  return bookingDetail.parse({
    booking_id: booking.bookingId,
    user_id: booking.userId,
    pnr: 'K7M2QX',
    status: booking.status,
    created_at: new Date().toISOString(),
    expires_at: booking.expiresAt.toISOString(),
    amount_due_paise: booking.amountDuePaise,
    contact: { name: 'Asha Sharma', email: 'asha@example.com' },
    flights: [],
    passengers: [],
    seats: [],
    price_lines: [],
  });
}
