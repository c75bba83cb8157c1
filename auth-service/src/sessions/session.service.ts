import type { Clock, Database, Queries } from '@flight-booking/platform';
import type { AccessTokens, TokenSubject } from '../tokens/access-tokens.js';
import { createRefreshToken, hashRefreshToken } from './refresh-token.js';
import { InvalidRefreshToken } from './session.errors.js';
import type { SessionRepository, StoredRefreshToken } from './session.repository.js';

/** What a customer gets by signing in or refreshing. */
export interface SessionTokens {
  readonly userId: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

interface NextRefreshToken {
  readonly refreshToken: string;
  readonly tokenHash: Buffer;
  readonly expiresAt: Date;
}

/**
 * Sessions. A refresh token works once and is rotated for the next one. One that comes a second time is in
 * two hands, and nobody knows which is the owner's: the whole session is revoked. There is no grace period,
 * so of two refreshes at once with the same token one wins and the other one ends the session.
 */
export class SessionService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly accessTokens: AccessTokens,
    private readonly clock: Clock,
    private readonly refreshTtlSeconds: number,
  ) {}

  /** Begins a session. */
  open(user: TokenSubject): Promise<SessionTokens> {
    return this.openIn(this.database, user);
  }

  /** Begins a session within the transaction that makes its user. */
  async openIn(queries: Queries, user: TokenSubject): Promise<SessionTokens> {
    const next = this.nextRefreshToken();
    await this.sessions.open(queries, user.userId, next.tokenHash, next.expiresAt);
    return this.tokensOf(user, next);
  }

  /** Goes on with a session. @throws InvalidRefreshToken */
  async refresh(refreshToken: string): Promise<SessionTokens> {
    const tokenHash = hashRefreshToken(refreshToken);
    const next = this.nextRefreshToken();
    // The refusal is thrown after the commit, because the revocation that may come with it has to last.
    const user = await this.database.transaction(async (tx) => {
      const stored = await this.sessions.lock(tx, tokenHash);
      return stored !== undefined && (await this.rotate(tx, stored, next)) ? stored : undefined;
    });
    if (user === undefined) throw new InvalidRefreshToken();
    return this.tokensOf(user, next);
  }

  /** Ends the session that a token belongs to. Unknown tokens and those of others change nothing. */
  async close(userId: number, refreshToken: string): Promise<void> {
    const tokenHash = hashRefreshToken(refreshToken);
    await this.sessions.revokeByToken(this.database, { userId, tokenHash }, 'signed_out');
  }

  /** Forgets what has expired. */
  async deleteExpired(): Promise<void> {
    await this.sessions.deleteExpired(this.database, this.clock.now());
  }

  private async rotate(tx: Queries, stored: StoredRefreshToken, next: NextRefreshToken): Promise<boolean> {
    if (stored.revoked || stored.expiresAt <= this.clock.now()) return false;
    if (stored.rotated) {
      await this.sessions.revoke(tx, stored.sessionId, 'token_reused');
      return false;
    }
    await this.sessions.rotate(tx, stored, next);
    return true;
  }

  private nextRefreshToken(): NextRefreshToken {
    const refreshToken = createRefreshToken();
    return {
      refreshToken,
      tokenHash: hashRefreshToken(refreshToken),
      expiresAt: new Date(this.clock.now().getTime() + this.refreshTtlSeconds * 1_000),
    };
  }

  private async tokensOf(user: TokenSubject, { refreshToken }: NextRefreshToken): Promise<SessionTokens> {
    return {
      userId: user.userId,
      accessToken: await this.accessTokens.forUser(user),
      refreshToken,
      expiresInSeconds: this.accessTokens.ttlSeconds,
    };
  }
}
