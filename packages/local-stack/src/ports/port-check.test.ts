import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { freePorts } from './free-port.js';
import { assertPortsFree } from './port-check.js';
import { documentedPorts, undocumentedPorts } from './port-plan.js';

const servers: Server[] = [];

afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function occupy(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.each(['127.0.0.1', '0.0.0.0'])(
  'a port taken on %s names its service, its holder and its variable',
  async (host) => {
    const port = await occupy(host);
    const check = assertPortsFree([{ port, owner: 'seat-service', variable: 'SEAT_PORT' }]);
    await expect(check).rejects.toThrow(
      new RegExp(
        `Port ${port}, which seat-service needs, is taken by process ${process.pid} \\(.*SEAT_PORT=${port + 1} npm start`,
      ),
    );
  },
);

test('every taken port is reported at once', async () => {
  const [one, two] = [await occupy('127.0.0.1'), await occupy('127.0.0.1')];
  const env = await environmentOfFreePorts();
  const check = documentedPorts({ ...env, SEAT_PORT: String(one), TICKET_PORT: String(two) });
  await expect(check).rejects.toThrow(/seat-service needs[^]*ticket-service needs/);
});

test('one port for two services is refused', async () => {
  const env = await environmentOfFreePorts();
  const check = documentedPorts({ ...env, TICKET_PORT: env['SEAT_PORT'] });
  await expect(check).rejects.toThrow(
    /given to both seat-service \(SEAT_PORT\) and ticket-service \(TICKET_PORT\)/,
  );
});

test.each(['0', '65536', 'x', '80.5'])('a variable that holds %s is not a port', async (value) => {
  await expect(documentedPorts({ SEAT_PORT: value })).rejects.toThrow(/SEAT_PORT has to be a port number/);
});

test('a service whose variable is set gets that port', async () => {
  const env = await environmentOfFreePorts();
  const ports = await documentedPorts(env);
  expect(ports['seat-service']).toEqual([Number(env['SEAT_PORT'])]);
});

test('copies take other ports, all different, and the gateway has none', async () => {
  const env = await environmentOfFreePorts();
  for (const ports of [await documentedPorts(env, 4), await undocumentedPorts(4)]) {
    const { 'api-gateway': gateway, ...others } = ports;
    expect(gateway).toHaveLength(1);
    expect(Object.values(others).map(({ length }) => length)).toEqual(Array.from({ length: 8 }, () => 4));
    expect(new Set(Object.values(ports).flat()).size).toBe(33);
  }
});

async function environmentOfFreePorts(): Promise<Record<string, string>> {
  const prefixes = [
    'GATEWAY',
    'AUTH',
    'FLIGHT_SEARCH',
    'SEAT',
    'BOOKING',
    'PAYMENT',
    'DISCOUNT',
    'TICKET',
    'NOTIFICATION',
  ];
  const ports = await freePorts(prefixes.length);
  return Object.fromEntries(prefixes.map((prefix, index) => [`${prefix}_PORT`, String(ports[index])]));
}
