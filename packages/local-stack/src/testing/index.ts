export { createDedicatedRedis, type DedicatedRedis } from './dedicated-redis.js';
export { LOOK_AGAIN_MS, PATIENCE_MS, patiently } from './patiently.js';
export { RedisLine } from './redis-line.js';
export {
  ServiceUnderTest,
  type Answer,
  type Caller,
  type Composer,
  type Neighbour,
  type RequestOptions,
  type RunnableService,
  type ServiceUnderTestOptions,
  type TestEnvironment,
} from './service-under-test.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export { makeTestFolder, removeAbandonedFolders } from './test-folders.js';
export { TestIssuer, type UserTokenOptions } from './test-issuer.js';
export { createTestRedis, type TestRedis } from './test-redis.js';
export { StubService, type StubHandler, type StubRequest, type StubResponse } from './stub-service.js';
