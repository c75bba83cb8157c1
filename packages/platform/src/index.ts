// What a service builds with. Whatever is not named here is the platform's own affair.

export { InvalidToken, MissingToken, UserMismatch } from './auth/auth.errors.js';
export { bearerToken, type Access, type PrincipalOf } from './auth/guard.js';
export {
  actingUser,
  type Principal,
  type Role,
  type ServicePrincipal,
  type UserPrincipal,
} from './auth/principal.js';
export { TokenVerifier, type TokenVerifierOptions } from './auth/token-verifier.js';
export type { Connect, Connection } from './client/connect.js';
export { ServiceAddresses, isConnectionRefused } from './client/service-addresses.js';
export { ServiceClient, type ServiceCall } from './client/service-client.js';
export {
  UpstreamProblem,
  UpstreamTimeout,
  UpstreamUnavailable,
  isUpstreamFailure,
} from './client/upstream.errors.js';
export { InvalidConfig, loadConfig } from './config/load-config.js';
export {
  baseUrl,
  commonVariables,
  databaseVariables,
  milliseconds,
  redisVariables,
  secret,
  serviceUrl,
} from './config/variables.js';
export { contextFromHeaders, headersFromContext, type RequestContext } from './context/request-context.js';
export { CLOUD_EVENT_CONTENT_TYPE, type CloudEvent, type EventType } from './events/cloud-event.js';
export { EventInbox, consume, type EventConsumer } from './events/event-inbox.js';
export { EventPublisher, type Subscribers } from './events/event-publisher.js';
export type { VerifyBody } from './http/body-parser.js';
export {
  DomainError,
  type DomainErrorClass,
  type DomainErrorOptions,
  type ErrorKind,
} from './http/domain-error.js';
export { LocalServers } from './hosting/local-servers.js';
export { Html, html } from './http/html.js';
export { MethodNotAllowed, RouteNotFound, type FieldError } from './http/http-errors.js';
export { id, idText } from './http/ids.js';
export { problemSchema } from './http/openapi.js';
export { endWith } from './http/one-write.js';
export { operationalRoutes } from './http/operational-routes.js';
export { cursorAfter, cursorOf, nextCursor, pageLimit, pageOf, pageQuery, type Page } from './http/pages.js';
export { PROBLEM_CONTENT_TYPE, internalProblem, problemOf, type Problem } from './http/problem.js';
export {
  binary,
  defineRoute,
  noContent,
  reply,
  type AnyReply,
  type Reply,
  type Route,
  type RouteInput,
  type RouteRequest,
  type RouteSource,
} from './http/route.js';
export { IdempotencyKeyInUse } from './idempotency/idempotency.errors.js';
export { IdempotencyKeys, type IdempotencyClaim } from './idempotency/idempotency-keys.js';
export { defineJob, type Job } from './jobs/job.js';
export { JobQueue, addJobSql, addJobValues, takeBackJobSql, type AddJobOptions } from './jobs/job-queue.js';
export { handleJob, type JobAttempt, type JobHandler } from './jobs/job-runner.js';
export { aboutSql, knownJobsSql } from './jobs/job-sql.js';
export { StuckJobs, type StuckJob } from './jobs/stuck-jobs.js';
export { createLogger, withoutRedaction, type Logger } from './logging/logger.js';
export { isSampled } from './logging/sampling.js';
export { Metrics, type Counter } from './metrics/metrics.js';
export { Database } from './postgres/database.js';
export { uniqueViolationOf } from './postgres/pg-errors.js';
export { unlessDatabaseAway } from './postgres/postgres.errors.js';
export type { Queries } from './postgres/queries.js';
export { RedisScript } from './redis/redis-script.js';
export { RedisStore, type RedisClient } from './redis/redis-store.js';
export type { Lifecycle } from './service/lifecycle.js';
export { runProcess, runService } from './service/run-service.js';
export {
  JWKS_PATH,
  ServiceKit,
  type CommonConfig,
  type DatabaseConfig,
  type Runnable,
  type Service,
  type Surroundings,
} from './service/service-kit.js';
export { SystemClock, type Clock } from './time/clock.js';
export { WorkSlots, type WorkSlotsOptions } from './work/work-slots.js';
