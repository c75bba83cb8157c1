import type { Queries } from '../postgres/queries.js';

/** Whose key it is, for what, and a digest of the whole request. */
export interface KeyedRequest {
  readonly userId: number;
  readonly method: string;
  /** With its parameters filled in, without query. */
  readonly path: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** What an attempt finds when the key is its own. */
export interface HeldKey {
  readonly effectId: string;
  readonly resourceId: number | null;
}

/** A key that another attempt holds or has answered. */
export interface KnownKey {
  readonly fingerprint: string;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly body: string | null;
}

const KEPT = `interval '24 hours'`;
/** Longer than anybody waits for an answer; whoever still works on it then cannot commit any more. */
const HELD = `interval '20 seconds'`;

const OF_KEY = 'user_id = $1 and method = $2 and path = $3 and idempotency_key = $4';

/** A key that is too old counts as free, swept or not. */
const HOLD = {
  name: 'platform-hold-idempotency-key',
  text: `
    insert into idempotency_keys as known (user_id, method, path, idempotency_key, fingerprint, attempt_id)
    values ($1, $2, $3, $4, $5, $6)
    on conflict on constraint idempotency_keys_pkey do update set
      attempt_id = excluded.attempt_id, held_at = now(), fingerprint = excluded.fingerprint,
      (effect_id, resource_id, created_at, status, headers, body) = (
        select
          case when is_old then excluded.effect_id else known.effect_id end,
          case when is_old then null else known.resource_id end,
          case when is_old then now() else known.created_at end,
          null::integer, null::jsonb, null::text
        from (select known.created_at < now() - ${KEPT} as is_old) as age
      )
    where known.created_at < now() - ${KEPT}
      or (known.fingerprint = excluded.fingerprint and known.status is null
        and (known.attempt_id is null or known.held_at < now() - ${HELD}))
    returning effect_id as "effectId", resource_id as "resourceId"`,
};

const FIND = {
  name: 'platform-find-idempotency-key',
  text: `select fingerprint, status, headers, body from idempotency_keys where ${OF_KEY}`,
};

const BIND = {
  name: 'platform-bind-idempotency-key',
  text: `update idempotency_keys set resource_id = $6 where ${OF_KEY} and attempt_id = $5`,
};

const STORE = {
  name: 'platform-store-idempotent-answer',
  text: `update idempotency_keys set status = $6, headers = $7, body = $8 where ${OF_KEY} and attempt_id = $5`,
};

const RELEASE = {
  name: 'platform-release-idempotency-key',
  text: `update idempotency_keys set attempt_id = null where ${OF_KEY} and attempt_id = $5 and resource_id is not null`,
};

const FORGET = {
  name: 'platform-forget-idempotency-key',
  text: `delete from idempotency_keys where ${OF_KEY} and attempt_id = $5 and resource_id is null`,
};

const parametersOf = ({ userId, method, path, key }: KeyedRequest): unknown[] => [userId, method, path, key];

/** The keys of a service's own database. */
export class IdempotencyKeyRepository {
  /** Takes the key for an attempt; undefined when another holds it or has answered. */
  async hold(queries: Queries, request: KeyedRequest, attemptId: string): Promise<HeldKey | undefined> {
    return queries.maybeRow<HeldKey>(HOLD, [...parametersOf(request), request.fingerprint, attemptId]);
  }

  async find(queries: Queries, request: KeyedRequest): Promise<KnownKey | undefined> {
    return queries.maybeRow<KnownKey>(FIND, parametersOf(request));
  }

  /** Names what was made under the key. @returns false when the attempt does not hold it any more */
  async bind(
    tx: Queries,
    request: KeyedRequest,
    attemptId: string,
    resourceId: number | null,
  ): Promise<boolean> {
    return (await tx.execute(BIND, [...parametersOf(request), attemptId, resourceId])) === 1;
  }

  /** Keeps an answer for whoever sends the request again. */
  async store(
    queries: Queries,
    request: KeyedRequest,
    attemptId: string,
    answer: {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | null;
    },
  ): Promise<void> {
    await queries.execute(STORE, [
      ...parametersOf(request),
      attemptId,
      answer.status,
      JSON.stringify(answer.headers),
      answer.body,
    ]);
  }

  /** Lets the next attempt begin: from what was made, or, if nothing was, from the start. */
  async release(queries: Queries, request: KeyedRequest, attemptId: string): Promise<void> {
    const parameters = [...parametersOf(request), attemptId];
    if ((await queries.execute(FORGET, parameters)) === 0) await queries.execute(RELEASE, parameters);
  }

  /** Removes keys that are not kept any longer. */
  async sweep(queries: Queries): Promise<void> {
    await queries.execute(`delete from idempotency_keys where created_at < now() - ${KEPT}`);
  }
}
