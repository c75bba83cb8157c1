import { get } from 'node:http';
import { LOOPBACK_ADDRESS } from '../client/this-machine.js';

/**
 * Asks what runs in this container whether it is ready, on the ports given as arguments or on its own, and exits 0 or
 * 1: a health check that needs no shell, no curl, and no fetch, which refuses port 6000.
 */
const given = process.argv.slice(2);
const ports = given.length > 0 ? given : [process.env.PORT ?? 8080];
for (const port of ports) {
  const options = { host: LOOPBACK_ADDRESS, port, path: '/health/ready', timeout: 3_000 };
  const request = get(options, (response) => {
    response.resume();
    if (response.statusCode !== 200) process.exit(1);
  });
  request.on('timeout', () => process.exit(1));
  request.on('error', () => process.exit(1));
}
