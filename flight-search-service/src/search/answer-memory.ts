import type { EpochDay } from '../airports/airport-time.js';
import type { FlightChange } from './flight-change.js';
import { type AnswerKey, type Concerns, searchDaysOf } from './kept-answer.js';

/** How much is kept, and for how long at most. */
export interface AnswerMemoryOptions {
  readonly maxBytes: number;
  readonly maxAnswers: number;
  readonly maxAgeMs: number;
}

interface Entry {
  readonly name: string;
  readonly days: readonly EpochDay[];
  readonly concerns: Concerns;
  readonly bytes: Buffer;
  readonly diesAtMs: number;
  readonly size: number;
  /** Query strings, letter by letter, that ask for this. */
  readonly spellings: string[];
  /** Asked for since the last time that room was needed. */
  wanted: boolean;
}

/** What an entry costs besides its bytes and names, roughly: its objects, and its places in the maps. */
const ENTRY_OVERHEAD = 600;
const FLIGHT_OVERHEAD = 80;
/** Longer ones are not written by any page of ours. */
const MAX_SPELLING_LENGTH = 400;
const MAX_SPELLINGS = 4;

/** The name of a key in maps. */
export const nameOf = ({ days, query }: AnswerKey): string => `${days.join('+')}/${query}`;

/**
 * Answers in the memory of this process, found by what they answer or, quicker, by the query string that asked.
 *
 * Every one was made here, of this process's own index, and is dropped in the very step in which that index gets a
 * change that concerns it. So what lies here is what a search would find now, whatever other processes or Redis
 * know. One is let go of when its first flight departs, or when room is needed and nobody wanted it lately.
 */
export class AnswerMemory {
  /** How often something was found. */
  hits = 0;
  private readonly entries = new Map<string, Entry>();
  private readonly bySpelling = new Map<string, Entry>();
  private readonly byFlight = new Map<number, Set<Entry>>();
  private readonly byDay = new Map<EpochDay, Set<Entry>>();
  /** Of those in {@link byDay}, the ones that every change of any flight of the day concerns. */
  private readonly byAnyOfDay = new Map<EpochDay, Set<Entry>>();
  private usedBytes = 0;

  constructor(private readonly options: AnswerMemoryOptions) {}

  /** What all answers take, in bytes. */
  get size(): number {
    return this.usedBytes;
  }

  get count(): number {
    return this.entries.size;
  }

  find(name: string, nowMs: number): Buffer | undefined {
    return this.alive(this.entries.get(name), nowMs);
  }

  /** What this very query string was answered before. */
  findSpelled(queryString: string, nowMs: number): Buffer | undefined {
    return this.alive(this.bySpelling.get(queryString), nowMs);
  }

  /** Keeps an answer that was made in this same step, so that no change of the index can lie between. */
  keep(key: AnswerKey, bytes: Buffer, concerns: Concerns, departsAtMs: number, nowMs: number): void {
    const name = nameOf(key);
    const diesAtMs = Math.min(departsAtMs, nowMs + this.options.maxAgeMs);
    const flights = concerns === 'any' ? 0 : concerns.size;
    const spellings = MAX_SPELLINGS * MAX_SPELLING_LENGTH;
    const size = bytes.length + name.length + spellings + flights * FLIGHT_OVERHEAD + ENTRY_OVERHEAD;
    if (diesAtMs <= nowMs || size > this.options.maxBytes) return;
    this.drop(this.entries.get(name));
    const entry = { name, days: key.days, concerns, bytes, diesAtMs, size, spellings: [], wanted: false };
    this.makeRoom(size, nowMs);
    this.add(entry);
  }

  /** Notes that a query string asks for what is kept under a name. */
  spell(name: string, queryString: string): void {
    const entry = this.entries.get(name);
    if (entry === undefined || queryString.length > MAX_SPELLING_LENGTH) return;
    if (entry.spellings.includes(queryString)) return;
    if (entry.spellings.length >= MAX_SPELLINGS) this.bySpelling.delete(entry.spellings.shift() as string);
    entry.spellings.push(queryString);
    this.bySpelling.set(queryString, entry);
  }

  flightsChanged(changes: readonly FlightChange[]): void {
    for (const { flightId, reach, departureDays } of changes) {
      if (reach === 'none') continue;
      this.dropAll(this.byFlight.get(flightId));
      const days = departureDays.flatMap(searchDaysOf);
      for (const day of days) this.dropAll((reach === 'own' ? this.byAnyOfDay : this.byDay).get(day));
    }
  }

  daysChanged(departureDays: Iterable<EpochDay>): void {
    const days = new Set([...departureDays].flatMap(searchDaysOf));
    for (const day of days) this.dropAll(this.byDay.get(day));
  }

  private alive(entry: Entry | undefined, nowMs: number): Buffer | undefined {
    if (entry === undefined) return undefined;
    if (entry.diesAtMs <= nowMs) {
      this.drop(entry);
      return undefined;
    }
    entry.wanted = true;
    this.hits += 1;
    return entry.bytes;
  }

  private add(entry: Entry): void {
    this.entries.set(entry.name, entry);
    this.usedBytes += entry.size;
    for (const day of entry.days) put(this.byDay, day, entry);
    if (entry.concerns === 'any') for (const day of entry.days) put(this.byAnyOfDay, day, entry);
    else for (const flightId of entry.concerns) put(this.byFlight, flightId, entry);
  }

  private drop(entry: Entry | undefined): void {
    if (entry === undefined || !this.entries.delete(entry.name)) return;
    this.usedBytes -= entry.size;
    for (const spelling of entry.spellings) this.bySpelling.delete(spelling);
    for (const day of entry.days) remove(this.byDay, day, entry);
    if (entry.concerns === 'any') for (const day of entry.days) remove(this.byAnyOfDay, day, entry);
    else for (const flightId of entry.concerns) remove(this.byFlight, flightId, entry);
  }

  private dropAll(entries: Iterable<Entry> = []): void {
    for (const entry of entries) this.drop(entry);
  }

  /** Looks at the oldest first; one that was wanted since it was looked at last stays for another round. */
  private makeRoom(size: number, nowMs: number): void {
    const { maxBytes, maxAnswers } = this.options;
    while (this.usedBytes + size > maxBytes || this.entries.size >= maxAnswers) {
      const oldest = this.entries.values().next().value;
      if (oldest === undefined) return;
      if (oldest.wanted && oldest.diesAtMs > nowMs) {
        oldest.wanted = false;
        this.entries.delete(oldest.name);
        this.entries.set(oldest.name, oldest);
      } else {
        this.drop(oldest);
      }
    }
  }
}

function put<Key>(sets: Map<Key, Set<Entry>>, key: Key, entry: Entry): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([entry]));
  else set.add(entry);
}

function remove<Key>(sets: Map<Key, Set<Entry>>, key: Key, entry: Entry): void {
  const set = sets.get(key);
  set?.delete(entry);
  if (set?.size === 0) sets.delete(key);
}
