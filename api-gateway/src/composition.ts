import type { RequestListener } from 'node:http';
import {
  ServiceKit,
  operationalRoutes,
  withoutRedaction,
  type Surroundings,
  type Service,
} from '@flight-booking/platform';
import { AccessLog } from './access-log.js';
import { Admission } from './admission/admission.js';
import { Cors } from './admission/cors.js';
import { ClientAddresses } from './clients/client-address.js';
import { RequestCoalescing } from './coalescing/request-coalescing.js';
import type { Config } from './config.js';
import { ApiDocumentation } from './documents/api-documentation.js';
import { DocumentationController } from './documents/documentation.controller.js';
import { Forwarder } from './forwarding/forwarder.js';
import { Upstream } from './forwarding/upstream.js';
import { Gateway, type Forwarding } from './gateway.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { ROUTE_TABLE, RouteTable } from './routing/route-table.js';

const WINDOW_SECONDS = 60;
const DEFAULT_DOCUMENT = new URL('../../docs/openapi/openapi.json', import.meta.url);

/** Builds api-gateway; nothing is opened before it starts. */
export function compose(config: Config, surroundings: Surroundings = {}): Service {
  const kit = new ServiceKit('api-gateway', config, surroundings);
  const documentation = kit.add(new ApiDocumentation(config.OPENAPI_FILE ?? DEFAULT_DOCUMENT));
  const addresses = new ClientAddresses(config.TRUST_PROXY);
  const { COALESCING_WINDOW_MS: windowMs, UPSTREAM_TIMEOUT_MS: serviceMs } = config;
  const coalescing = new RequestCoalescing({ windowMs, serviceMs }, kit.metrics);
  const gateway = new Gateway({
    routes: new RouteTable(forwardings(kit, config)),
    cors: new Cors(config.CORS_ORIGINS),
    documentation,
    admission: new Admission(kit.verifier, limits(kit, config), addresses),
    forwarder: new Forwarder(addresses, coalescing, { serviceMs, clientMs: config.CLIENT_TIMEOUT_MS }),
    accessLog: new AccessLog(withoutRedaction(kit.logger), kit.metrics, config.LOG_SAMPLE_RATE),
    logger: kit.logger,
  });
  const { routes } = new DocumentationController(documentation);
  const app = kit.app([...routes, ...operationalRoutes(kit.health, kit.metrics)]);
  // A request that is forwarded never meets Express.
  const listener: RequestListener = (request, response) => {
    if (!gateway.handle(request, response)) app(request, response);
  };
  return kit.serve({ app, listener }, routes);
}

function forwardings(kit: ServiceKit, config: Config): [string, Forwarding][] {
  const upstreams = new Map<string, Upstream>();
  for (const { upstream: name, variable } of ROUTE_TABLE) {
    if (upstreams.has(name)) continue;
    const upstream = new Upstream({
      name,
      addresses: config[variable],
      connections: config.UPSTREAM_CONNECTIONS,
      timeoutMs: config.UPSTREAM_TIMEOUT_MS,
      connect: kit.connect,
    });
    upstreams.set(name, kit.add(upstream));
  }
  return ROUTE_TABLE.map(({ prefix, upstream: name }) => {
    const upstream = upstreams.get(name) as Upstream;
    return [prefix, { prefix, upstream }];
  });
}

function limits(kit: ServiceKit, config: Config) {
  const { client } = kit.redis(config.REDIS_URL, { optional: true });
  const limiter = (name: string, limit: number): RateLimiter =>
    kit.add(new RateLimiter({ name, limit, windowSeconds: WINDOW_SECONDS }, client));
  return {
    perAddress: limiter('address', config.RATE_LIMIT_PER_ADDRESS),
    perUser: limiter('user', config.RATE_LIMIT_PER_USER),
    signIns: limiter('sign-in', config.RATE_LIMIT_AUTH_PER_ADDRESS),
    callbacks: limiter('callback', config.RATE_LIMIT_CALLBACKS_PER_ADDRESS),
  };
}
