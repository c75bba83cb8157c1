import type { Queries } from '@flight-booking/platform';
import type { TokenSubject } from '../tokens/access-tokens.js';

/** Why a session ended before its last token expired. */
export type RevocationReason = 'signed_out' | 'token_reused' | 'password_changed';

/** A refresh token with the session and the user that it belongs to. */
export interface StoredRefreshToken extends TokenSubject {
  readonly tokenHash: Buffer;
  readonly sessionId: number;
  readonly expiresAt: Date;
  readonly rotated: boolean;
  readonly revoked: boolean;
}

const OPEN = {
  name: 'open-session',
  text: `with opened as (insert into sessions (user_id) values ($1) returning session_id)
         insert into refresh_tokens (token_hash, session_id, expires_at) select $2, session_id, $3 from opened`,
};

/** The session is locked first and read after: whoever waited for it sees what the other one did. */
const LOCK = {
  name: 'lock-session',
  text: `select session_id from sessions
         where session_id = (select session_id from refresh_tokens where token_hash = $1) for update`,
};

const FIND = {
  name: 'find-refresh-token',
  text: `select token_hash as "tokenHash", session_id as "sessionId", expires_at as "expiresAt", rotated_at is not null as rotated,
           revoked_at is not null as revoked, user_id as "userId", name, email, role
         from refresh_tokens join sessions using (session_id) join users using (user_id)
         where token_hash = $1`,
};

/** Sessions and the refresh tokens that keep them going. */
export class SessionRepository {
  async open(queries: Queries, userId: number, tokenHash: Buffer, expiresAt: Date): Promise<void> {
    await queries.execute(OPEN, [userId, tokenHash, expiresAt]);
  }

  /** The token, its session locked until the transaction ends. */
  async lock(tx: Queries, tokenHash: Buffer): Promise<StoredRefreshToken | undefined> {
    const locked = await tx.maybeRow(LOCK, [tokenHash]);
    return locked === undefined ? undefined : tx.maybeRow<StoredRefreshToken>(FIND, [tokenHash]);
  }

  async rotate(
    tx: Queries,
    { tokenHash, sessionId }: StoredRefreshToken,
    next: { readonly tokenHash: Buffer; readonly expiresAt: Date },
  ): Promise<void> {
    await tx.execute('update refresh_tokens set rotated_at = now() where token_hash = $1', [tokenHash]);
    await tx.execute('insert into refresh_tokens (token_hash, session_id, expires_at) values ($1, $2, $3)', [
      next.tokenHash,
      sessionId,
      next.expiresAt,
    ]);
  }

  async revoke(queries: Queries, sessionId: number, reason: RevocationReason): Promise<void> {
    await queries.execute(
      `update sessions set revoked_at = now(), revoked_because = $2
       where session_id = $1 and revoked_at is null`,
      [sessionId, reason],
    );
  }

  async revokeAllOf(queries: Queries, userId: number, reason: RevocationReason): Promise<void> {
    await queries.execute(
      `update sessions set revoked_at = now(), revoked_because = $2 where user_id = $1 and revoked_at is null`,
      [userId, reason],
    );
  }

  /** Revokes the session of a token, if it is this user's. */
  async revokeByToken(
    queries: Queries,
    { userId, tokenHash }: { readonly userId: number; readonly tokenHash: Buffer },
    reason: RevocationReason,
  ): Promise<void> {
    await queries.execute(
      `update sessions set revoked_at = now(), revoked_because = $3
       where user_id = $1 and revoked_at is null
         and session_id = (select session_id from refresh_tokens where token_hash = $2)`,
      [userId, tokenHash, reason],
    );
  }

  /** Forgets tokens that have expired, and sessions that have none left. */
  async deleteExpired(queries: Queries, now: Date): Promise<void> {
    await queries.execute('delete from refresh_tokens where expires_at <= $1', [now]);
    await queries.execute(
      `delete from sessions where not exists
         (select from refresh_tokens where refresh_tokens.session_id = sessions.session_id)`,
    );
  }
}
