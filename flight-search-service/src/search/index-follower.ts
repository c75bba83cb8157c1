import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Database, Lifecycle, Logger } from '@flight-booking/platform';
import type { FareRules } from '../flights/fare-rules.js';
import type { FlightRepository, IdRange } from '../flights/flight.repository.js';
import type { FlightRow } from '../flights/flight.row.js';
import { type EpochDay, epochMinuteOf } from '../airports/airport-time.js';
import { changeOf, type FlightChange } from './flight-change.js';
import type { FlightIndex } from './flight-index.js';
import { indexedFlightOf } from './indexed-flight.js';
import { ChangeQueue } from './change-queue.js';

/** Somebody who gave answers that a change of the index makes untrue. */
export interface IndexListener {
  /** Called after the index has the changes. */
  flightsChanged(changes: readonly FlightChange[]): Promise<void>;
  /** Called after any flight leaving on these days may have changed. */
  daysChanged(days: ReadonlySet<EpochDay>): Promise<void>;
}

const connectTo = (database: Database) => database.pool.connect();
type Connection = Awaited<ReturnType<typeof connectTo>>;

const LISTEN = 'listen flights_changed';
const EVERYTHING: IdRange = { first: 1, last: Number.MAX_SAFE_INTEGER };
/** Loading a chunk keeps the process from answering for about 30 ms. */
const CHUNK_ROWS = 5_000;
const RECONNECT_MS = 500;
const HEARTBEAT_MS = 2_000;
/** Long enough that a busy machine is not taken for a broken connection. */
const HEARTBEAT_PATIENCE_MS = 10_000;

/**
 * Keeps the index the same as the table of flights. The database says which flights changed (see the trigger of
 * the migration), and their rows are read anew. What was said while nobody listened is lost, so after every
 * connection all rows are read.
 */
export class IndexFollower implements Lifecycle {
  private readonly queue = new ChangeQueue();
  private connection: Connection | undefined;
  private following: Promise<void> | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private running = false;
  private caughtUp = false;
  private beatingOn: Connection | undefined;

  constructor(
    private readonly database: Database,
    private readonly flights: FlightRepository,
    private readonly index: FlightIndex,
    private readonly rules: FareRules,
    private readonly listener: IndexListener,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Whether the database tells this process of changes, and no range of rows has still to be read. */
  get isCurrent(): boolean {
    return this.caughtUp;
  }

  /** Returns when the index holds the whole timetable. */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    await this.connect();
    this.following = this.follow();
    this.heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS);
  }

  async stop(): Promise<void> {
    this.running = false;
    clearInterval(this.heartbeat);
    this.queue.close();
    this.disconnect(this.connection);
    await this.following;
  }

  /** Listens first and reads then, so that no change falls between the two. */
  private async connect(): Promise<void> {
    const connection = await connectTo(this.database);
    if (!this.running) {
      connection.release();
      return;
    }
    this.connection = connection;
    this.queue.clear();
    connection.on('error', () => this.disconnect(connection));
    connection.on('end', () => this.disconnect(connection));
    connection.on('notification', ({ payload }) => this.queue.add(payload ?? ''));
    await connection.query(LISTEN);
    await this.catchUp([EVERYTHING]);
  }

  private disconnect(connection: Connection | undefined): void {
    if (connection === undefined || this.connection !== connection) return;
    this.connection = undefined;
    this.caughtUp = false;
    connection.removeAllListeners('notification');
    connection.release(true);
    this.queue.wake();
  }

  private async follow(): Promise<void> {
    while (this.running) {
      try {
        // A connection may break while all rows are read, and then nobody is left to wake whoever waits for more.
        if (this.connection === undefined) await this.connect();
        else await this.applyNext();
      } catch (error) {
        this.logger.warn({ err: error }, 'the timetable could not be followed and will be read anew');
        this.disconnect(this.connection);
        await sleep(RECONNECT_MS);
      }
    }
  }

  private async applyNext(): Promise<void> {
    const { ids, ranges } = await this.queue.take();
    if (ids.length > 0) await this.reload(ids);
    if (ranges.length > 0) await this.catchUp(ranges);
  }

  /** Between two chunks of a range the index is half old, so until the last one is in nobody may believe an answer. */
  private async catchUp(ranges: readonly IdRange[]): Promise<void> {
    const { connection } = this;
    this.caughtUp = false;
    for (const range of ranges) await this.load(range);
    this.caughtUp = connection !== undefined && this.connection === connection;
  }

  private async reload(ids: readonly number[]): Promise<void> {
    const changes = (await this.flights.rows(this.database, ids)).map((row) => this.put(row));
    await this.listener.flightsChanged(changes);
  }

  private async load(range: IdRange): Promise<void> {
    const days = new Set<EpochDay>();
    let { first } = range;
    for (;;) {
      const chunk = { first, last: range.last };
      const rows = await this.flights.rowsInRange(this.database, chunk, this.clock.now(), CHUNK_ROWS);
      for (const row of rows) for (const day of this.put(row).departureDays) days.add(day);
      if (rows.length < CHUNK_ROWS) break;
      first = rows[rows.length - 1]!.flight_id + 1;
    }
    this.index.dropBefore(epochMinuteOf(this.clock.now()));
    if (days.size > 0) await this.listener.daysChanged(days);
  }

  private put(row: FlightRow): FlightChange {
    const flight = indexedFlightOf(row, this.rules);
    const change = changeOf(this.index.get(flight), flight);
    this.index.put(flight);
    return change;
  }

  /** A connection that died without a word is found out by asking for what it does already, which costs nothing. */
  private async beat(): Promise<void> {
    const { connection } = this;
    if (connection === undefined || connection === this.beatingOn) return;
    this.beatingOn = connection;
    const timer = setTimeout(() => this.disconnect(connection), HEARTBEAT_PATIENCE_MS).unref();
    try {
      await connection.query(LISTEN);
    } catch {
      this.disconnect(connection);
    } finally {
      clearTimeout(timer);
      if (this.beatingOn === connection) this.beatingOn = undefined;
    }
  }
}
