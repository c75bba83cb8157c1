import type { Counter, Database, Job, JobQueue, Logger, Queries } from '@flight-booking/platform';
import { deadlineKey, decidePayment, decidePaymentKey, meetDeadline } from '../bookings/booking.jobs.js';
import { cancelForFlight, cancelForFlightKey } from '../cancellations/cancellation.jobs.js';
import { FOLLOW_UPS } from './follow-up.js';
import type { LostWork, LostWorkRepository } from './lost-work.repository.js';

/** Where repairs are told of. */
export interface RepairReport {
  readonly repaired: Counter<'job'>;
  readonly logger: Logger;
}

/**
 * The safety net below the durable jobs. A job is added in the transaction that makes it necessary and stays until it
 * is done or stuck, so in normal running nothing is ever found here. What is found means that a job was lost (a queue
 * emptied by hand, a fault in a handler, a table restored from elsewhere); the booking gets its job again, and somebody
 * is told.
 */
export class WatchBookingsService {
  constructor(
    private readonly database: Database,
    private readonly lostWork: LostWorkRepository,
    private readonly jobs: JobQueue,
    private readonly report: RepairReport,
    private readonly patienceMs: number,
  ) {}

  /** Gives every booking that waits for a lost job that job again. Returns what was repaired. */
  async watch(): Promise<LostWork[]> {
    const repaired = await this.database.transaction(async (tx) => {
      await this.lostWork.waitForTurn(tx);
      return [
        ...(await this.followUps(tx)),
        ...(await this.deadlines(tx)),
        ...(await this.payments(tx)),
        ...(await this.sparedBookings(tx)),
      ];
    });
    for (const { job, bookingId } of repaired) {
      this.report.repaired.inc({ job });
      this.report.logger.error({ job, booking_id: bookingId }, 'a job was lost and has been added again');
    }
    return repaired;
  }

  private async followUps(tx: Queries): Promise<LostWork[]> {
    const lost = await this.lostWork.followUps(tx);
    for (const { bookingId, job } of lost)
      await this.jobs.add(tx, followUpNamed(job), { booking_id: bookingId });
    return lost;
  }

  private async deadlines(tx: Queries): Promise<LostWork[]> {
    const missed = await this.lostWork.deadlines(tx);
    for (const { bookingId, pnr } of missed)
      await this.jobs.add(tx, meetDeadline, { booking_id: bookingId }, { key: deadlineKey(pnr) });
    return missed.map(({ bookingId }) => ({ bookingId, job: meetDeadline.name }));
  }

  private async payments(tx: Queries): Promise<LostWork[]> {
    const forgotten = await this.lostWork.payments(tx, this.patienceMs);
    for (const { bookingId, paymentId, amountPaise } of forgotten)
      await this.jobs.add(
        tx,
        decidePayment,
        { booking_id: bookingId, payment_id: paymentId, amount_paise: amountPaise },
        { key: decidePaymentKey(paymentId) },
      );
    return forgotten.map(({ bookingId }) => ({ bookingId, job: decidePayment.name }));
  }

  private async sparedBookings(tx: Queries): Promise<LostWork[]> {
    const spared = await this.lostWork.sparedBookings(tx);
    for (const { bookingId, reason } of spared)
      await this.jobs.add(
        tx,
        cancelForFlight,
        { booking_id: bookingId, reason },
        { key: cancelForFlightKey(bookingId) },
      );
    return spared.map(({ bookingId }) => ({ bookingId, job: cancelForFlight.name }));
  }
}

function followUpNamed(name: string): Job {
  const job = FOLLOW_UPS.find((followUp) => followUp.name === name);
  if (job === undefined) throw new Error(`No follow-up of bookings is called ${name}.`);
  return job;
}
