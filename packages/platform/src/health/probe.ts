import { get } from 'node:http';

/**
 * Asks the service in this container whether it is ready and exits 0 or 1: a health check that needs no shell,
 * no curl, and no fetch, which refuses port 6000.
 */
const request = get(
  { host: '127.0.0.1', port: process.env.PORT ?? 8080, path: '/health/ready', timeout: 3_000 },
  (response) => {
    process.exit(response.statusCode === 200 ? 0 : 1);
  },
);
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
