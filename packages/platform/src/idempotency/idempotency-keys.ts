import { createHmac, randomUUID } from 'node:crypto';
import { currentContext } from '../context/request-context.js';
import { DomainError } from '../http/domain-error.js';
import { InvalidRequest } from '../http/http-errors.js';
import { PROBLEM_CONTENT_TYPE, problemOf } from '../http/problem.js';
import type { AnyReply } from '../http/route.js';
import type { Database } from '../postgres/database.js';
import type { Queries } from '../postgres/queries.js';
import { IdempotencyKeyInUse, IdempotencyKeyReused } from './idempotency.errors.js';
import type { IdempotencyKeyRepository, KeyedRequest, KnownKey } from './idempotency-key.repository.js';

/** What a handler knows of the key that its request came with, and ties its effect to. */
export interface IdempotencyClaim {
  /** The same for every attempt under the key: effects outside of the database are made under it. */
  readonly effectId: string;
  /**
   * What an attempt made that did not live to answer. When it is there, nothing may be made again: the answer is that
   * resource as it is now.
   */
  readonly resourceId: number | undefined;
  /**
   * Names what is made under the key, in the transaction that makes it, so that both exist or neither.
   * @throws IdempotencyKeyInUse when another attempt has taken the key over, which undoes the transaction
   */
  bind(tx: Queries, resourceId: number): Promise<void>;
  /** Says, in the transaction that undoes it, that what was made is gone, so that the next attempt begins afresh. */
  unbind(tx: Queries): Promise<void>;
}

/** A request as it was validated. */
export interface IdempotentRequest {
  readonly userId: number;
  readonly method: string;
  readonly path: string;
  /** The `Idempotency-Key` header. */
  readonly key: string;
  /** What the request asks for. */
  readonly content: unknown;
}

type Work = (claim: IdempotencyClaim) => Promise<AnyReply>;
interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** One to 255 visible characters of ASCII. */
const KEY = /^[\x21-\x7e]{1,255}$/;
const CONFLICT = 409;
const TOO_MANY_REQUESTS = 429;
const LOWEST_SERVER_ERROR = 500;

/** The header by which a client tells an answer that it had before from a new one. */
const REPLAYED_HEADER = 'idempotency-replayed';

/** Whether the answer is the outcome of the request, rather than a reason to send it again. */
const isFinal = (status: number): boolean =>
  status < LOWEST_SERVER_ERROR && status !== CONFLICT && status !== TOO_MANY_REQUESTS;

/**
 * Requests that take effect once however often they are sent: the `Idempotency-Key` header. The key is held by one
 * attempt at a time; what that attempt makes is named in the key's row by the transaction that makes it; the answer is
 * kept for a day. An attempt that dies leaves a key that the next one takes over, from what was made if anything was.
 * An attempt that was taken over while it still ran cannot commit, for it cannot name what it made.
 */
export class IdempotencyKeys {
  /** @param secret makes fingerprints that say nothing: a request may hold what must not be guessed from its digest */
  constructor(
    private readonly database: Database,
    private readonly keys: IdempotencyKeyRepository,
    private readonly secret: string,
  ) {}

  /**
   * Answers a request, from memory if it was answered before.
   * @throws InvalidRequest | IdempotencyKeyReused | IdempotencyKeyInUse, and whatever the work throws
   */
  async answer(request: IdempotentRequest, work: Work): Promise<AnyReply> {
    const { key, content, ...scope } = request;
    if (!KEY.test(key)) throw new InvalidRequest([badKey]);
    const fingerprint = createHmac('sha256', this.secret).update(JSON.stringify(content)).digest('base64url');
    const keyed: KeyedRequest = { ...scope, key, fingerprint };
    const attemptId = randomUUID();
    const held = await this.keys.hold(this.database, keyed, attemptId);
    if (held === undefined) return this.replay(keyed);
    const claim = this.claimOf(keyed, attemptId, held.effectId, held.resourceId ?? undefined);
    return this.attempt(keyed, attemptId, () => work(claim));
  }

  private async attempt(
    keyed: KeyedRequest,
    attemptId: string,
    work: () => Promise<AnyReply>,
  ): Promise<AnyReply> {
    let answer: AnyReply;
    try {
      answer = await work();
    } catch (error) {
      await this.settle(keyed, attemptId, answerOfError(error));
      throw error;
    }
    await this.settle(keyed, attemptId, answerOfReply(answer));
    return answer;
  }

  private async settle(
    keyed: KeyedRequest,
    attemptId: string,
    answer: StoredAnswer | undefined,
  ): Promise<void> {
    if (answer !== undefined && isFinal(answer.status)) {
      await this.keys.store(this.database, keyed, attemptId, answer);
    } else {
      await this.keys.release(this.database, keyed, attemptId);
    }
  }

  private async replay(keyed: KeyedRequest): Promise<AnyReply> {
    const known: KnownKey | undefined = await this.keys.find(this.database, keyed);
    // It was given up between the two statements; whoever asks again finds it free.
    if (known === undefined) throw new IdempotencyKeyInUse();
    if (known.fingerprint !== keyed.fingerprint) throw new IdempotencyKeyReused();
    if (known.status === null) throw new IdempotencyKeyInUse();
    return {
      status: known.status,
      headers: { ...known.headers, [REPLAYED_HEADER]: 'true' },
      body: known.body === null ? undefined : Buffer.from(known.body),
    };
  }

  private claimOf(
    keyed: KeyedRequest,
    attemptId: string,
    effectId: string,
    resourceId: number | undefined,
  ): IdempotencyClaim {
    const name = async (tx: Queries, made: number | null): Promise<void> => {
      if (!(await this.keys.bind(tx, keyed, attemptId, made))) throw new IdempotencyKeyInUse();
    };
    return { effectId, resourceId, bind: name, unbind: (tx) => name(tx, null) };
  }
}

const badKey = {
  field: 'Idempotency-Key',
  in: 'header',
  message: 'must have 1 to 255 visible ASCII characters',
} as const;

function answerOfReply({ status, headers = {}, body }: AnyReply): StoredAnswer {
  if (body === undefined) return { status, headers, body: null };
  return { status, headers, body: Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body) };
}

/** The problem that the client is told; undefined for a failure of ours, which is never the outcome. */
function answerOfError(error: unknown): StoredAnswer | undefined {
  if (!(error instanceof DomainError)) return undefined;
  const problem = problemOf(error, currentContext()?.requestId ?? '');
  const headers = { ...error.headers, 'content-type': PROBLEM_CONTENT_TYPE };
  return { status: problem.status, headers, body: JSON.stringify(problem) };
}
