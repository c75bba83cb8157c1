import type { Clock, Counter, Metrics } from '@flight-booking/platform';
import { type EpochMinute, epochMinuteOf } from '../airports/airport-time.js';
import { type AnswerMemory, nameOf } from './answer-memory.js';
import type { IndexFollower } from './index-follower.js';
import { type AnswerKey, type MadeAnswer, mayBeKept } from './kept-answer.js';
import type { CacheRead, SearchCache } from './search-cache.js';

/** Names of answers that were read from Redis; forgetting one costs one more reading. */
const MAX_MET = 10_000;

/**
 * Answers from where they are nearest: the memory of this process, then Redis, then the index.
 *
 * Only what was made here goes into memory, because the process can prove it true. One that came from Redis, where
 * a slower process may have put it, is given out once; whoever asks for it again has it made here.
 */
export class KeptAnswers {
  private readonly underway = new Map<string, Promise<Buffer>>();
  private readonly met = new Set<string>();
  private readonly outcomes: Counter<'outcome'>;

  constructor(
    private readonly memory: AnswerMemory,
    private readonly cache: SearchCache,
    private readonly follower: Pick<IndexFollower, 'isCurrent'>,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.counter('search_cache_total', 'Searches not answered from memory.', ['outcome']);
    metrics.countedElsewhere('search_memory_hits_total', 'Searches answered from memory.', () => memory.hits);
    metrics.gauge('search_memory_answers', 'Answers in memory.', () => memory.count);
    metrics.gauge('search_memory_bytes', 'What the answers in memory take.', () => memory.size);
    metrics.gauge('search_cache_bytes', 'What this process has in Redis.', () => cache.size);
  }

  /** What this very query string was answered before, if that is in memory and true. */
  atHand(queryString: string): Buffer | undefined {
    // A process that may have missed a change does not know what is true.
    if (!this.follower.isCurrent) return undefined;
    return this.memory.findSpelled(queryString, this.nowMs());
  }

  /**
   * The answer, made only once however many ask for it at once, unless nothing of the kind is kept.
   * @param queryString what asks for it, by which it is then found {@link atHand}
   * @param makeAt makes it of the index as it is
   */
  async answer(
    key: AnswerKey,
    queryString: string | undefined,
    makeAt: (now: EpochMinute) => MadeAnswer,
  ): Promise<Buffer> {
    const make = () => makeAt(epochMinuteOf(this.clock.now()));
    if (!mayBeKept(key, this.clock.now())) return Buffer.from(make().json);
    const name = nameOf(key);
    const answer = await this.find(name, key, make);
    if (queryString !== undefined) this.memory.spell(name, queryString);
    return answer;
  }

  private async find(name: string, key: AnswerKey, make: () => MadeAnswer): Promise<Buffer> {
    const remembered = this.follower.isCurrent ? this.memory.find(name, this.nowMs()) : undefined;
    if (remembered !== undefined) return remembered;
    let answer = this.underway.get(name);
    if (answer === undefined) {
      answer = this.fetchOrMake(name, key, make).finally(() => this.underway.delete(name));
      this.underway.set(name, answer);
    }
    return answer;
  }

  private async fetchOrMake(name: string, key: AnswerKey, make: () => MadeAnswer): Promise<Buffer> {
    const read = await this.read(name, key);
    if (read?.answer !== undefined) return Buffer.from(read.answer);
    const made = make();
    const bytes = bytesOf(made.json);
    if (this.follower.isCurrent) this.keep(key, made, bytes, read?.seen);
    return bytes;
  }

  /** Redis keeps answers by day, so one of several days is in memory only. */
  private async read(name: string, { days, query }: AnswerKey): Promise<CacheRead | undefined> {
    const isMet = this.follower.isCurrent && this.met.delete(name);
    const [day] = days;
    if (isMet || day === undefined || days.length > 1) {
      this.outcomes.inc({ outcome: 'miss' });
      return undefined;
    }
    const read = await this.cache.read({ day, query });
    if (read.answer !== undefined) {
      this.outcomes.inc({ outcome: 'hit' });
      this.meet(name);
    } else {
      this.outcomes.inc({ outcome: read.seen === undefined ? 'unavailable' : 'miss' });
    }
    return read;
  }

  private meet(name: string): void {
    if (this.met.size >= MAX_MET) this.met.delete(this.met.values().next().value as string);
    this.met.add(name);
  }

  /** Nobody waits for Redis: it compares with what was seen before the answer was made. */
  private keep(
    key: AnswerKey,
    { json, concerns, departsAtMs }: MadeAnswer,
    bytes: Buffer,
    seen: CacheRead['seen'],
  ): void {
    const nowMs = this.nowMs();
    this.memory.keep(key, bytes, concerns, departsAtMs, nowMs);
    const [day] = key.days;
    if (seen === undefined || day === undefined) return;
    void this.cache.store({ day, query: key.query }, seen, json, concerns, departsAtMs - nowMs);
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}

/** Bytes of their own: a small buffer of the common pool would keep eight kilobytes alive. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
