import { MissingToken, NotAllowed } from './auth.errors.js';
import type { Principal, ServicePrincipal, UserPrincipal } from './principal.js';
import type { TokenVerifier } from './token-verifier.js';

/** Who may call a route. `user` admits every account, `admin` only administrators, `service` only services. */
export type Access = 'public' | 'user' | 'admin' | 'service';

/** The principal that a handler behind each kind of access receives. */
export interface PrincipalOf {
  public: undefined;
  user: UserPrincipal;
  admin: UserPrincipal;
  service: ServicePrincipal;
}

/** Whom a route admits. */
export interface Admission {
  readonly auth: Access;
  /** Client ids of the services that a `service` route is for; whoever is not named is refused. */
  readonly callers?: readonly string[];
}

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i;
/** Far above any token that we issue, and short enough that nobody fills the cache with megabytes. */
const MAX_HEADER_LENGTH = 4_096;

/** The bearer token of an `Authorization` header; undefined when there is none of that form. */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.length > MAX_HEADER_LENGTH) return undefined;
  return BEARER.exec(header)?.[1];
}

/**
 * Admits a request or refuses it.
 * @throws MissingToken | InvalidToken | NotAllowed | KeysUnavailable
 */
export async function admit(
  { auth: access, callers = [] }: Admission,
  authorization: string | undefined,
  verifier: TokenVerifier,
): Promise<Principal | undefined> {
  if (access === 'public') return undefined;
  const token = bearerToken(authorization);
  if (token === undefined) throw new MissingToken();
  const principal = verifier.peek(token) ?? (await verifier.verify(token));
  if (access === 'service' ? principal.kind !== 'service' : principal.kind !== 'user') {
    throw new NotAllowed('This address is not for your kind of account.');
  }
  if (principal.kind === 'service' && !callers.includes(principal.clientId)) {
    throw new NotAllowed('This address is not for your service.');
  }
  if (access === 'admin' && principal.kind === 'user' && principal.role !== 'admin') {
    throw new NotAllowed('Only an administrator may do this.');
  }
  return principal;
}
