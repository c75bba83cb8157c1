import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { bearerToken } from '../auth/guard.js';
import type { Principal } from '../auth/principal.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { contextFromHeaders } from '../context/request-context.js';
import { JSON_HEADERS } from './answer-headers.js';
import { endWith } from './one-write.js';
import type { RequestLog } from './request-log.js';
import type { Route } from './route.js';

/** A route of which answers may lie ready. */
interface ReadyRoute {
  readonly path: string;
  readonly isPublic: boolean;
  readonly atHand: NonNullable<Route['atHand']>;
}

/**
 * Answers requests whose answer lies ready (`Route.atHand`), for whoever comes with a token that was verified before,
 * and for anybody where the route is public; all others go to the app. Such a request meets neither Express nor
 * schemas, promises or an asynchronous context: that would cost several times what the answer does.
 */
export class AnswersAtHand {
  private readonly routes: ReadonlyMap<string, ReadyRoute>;

  constructor(
    routes: readonly Route[],
    private readonly verifier: TokenVerifier,
    private readonly requestLog: RequestLog,
  ) {
    this.routes = new Map(routes.flatMap(readyRouteOf).map((route) => [route.path, route]));
  }

  /** What a server should call instead of the app. */
  before(app: RequestListener): RequestListener {
    if (this.routes.size === 0) return app;
    return (request, response) => {
      if (!this.answer(request, response)) app(request, response);
    };
  }

  private answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET') return false;
    const url = request.url as string;
    const queryAt = url.indexOf('?');
    const route = this.routes.get(queryAt === -1 ? url : url.slice(0, queryAt));
    if (route === undefined) return false;
    const startedAt = performance.now();
    const principal = this.knownUser(request.headers.authorization);
    if (principal === undefined && !route.isPublic) return false;
    const bytes = route.atHand(queryAt === -1 ? '' : url.slice(queryAt + 1));
    if (bytes === undefined) return false;
    this.send(request, response, route, { bytes, startedAt, principal });
    return true;
  }

  private knownUser(authorization: string | undefined): Principal | undefined {
    const token = bearerToken(authorization);
    const principal = token === undefined ? undefined : this.verifier.peek(token);
    return principal?.kind === 'user' ? principal : undefined;
  }

  private send(
    request: IncomingMessage,
    response: ServerResponse,
    { path }: ReadyRoute,
    ready: { readonly bytes: Buffer; readonly startedAt: number; readonly principal: Principal | undefined },
  ): void {
    const { bytes, startedAt, principal } = ready;
    const context = contextFromHeaders(request.headers);
    if (principal?.kind === 'user') context.userId = principal.userId;
    const own = ['x-request-id', context.requestId, 'content-length', String(bytes.length)];
    endWith(response.writeHead(200, [...JSON_HEADERS, ...own]), bytes);
    this.requestLog.record({ method: 'GET', route: path, status: 200, startedAt }, context);
  }
}

function readyRouteOf({ path, method, auth, atHand }: Route): ReadyRoute[] {
  if (atHand === undefined) return [];
  if (method !== 'GET' || path.includes(':') || (auth !== 'user' && auth !== 'public'))
    throw new Error(
      `Answers of ${method} ${path} cannot lie ready: only public and user routes without parameters.`,
    );
  return [{ path, isPublic: auth === 'public', atHand }];
}
