import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '../services.js';
import { makeTestFolder } from './test-folders.js';

/** A folder with nine services that do nothing but answer, to test the stack without the real ones. */
export interface FakeCheckout {
  readonly rootDir: string;
  remove(): void;
}

const FAKE_SERVICE = `
const http = require('node:http');
if (process.env.FAKE_FAILURE) {
  console.error(process.env.FAKE_FAILURE);
  process.exit(1);
}
console.log('listening');
const server = http.createServer((request, response) => {
  response.end(request.url === '/environment' ? JSON.stringify(process.env) : 'ready');
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => {
  if (process.env.FAKE_STUBBORN) return;
  server.close();
  server.closeAllConnections();
});
`;

/** Makes a checkout of fake services; with `closed`, in a folder that no other user can enter. */
export function fakeCheckout({ closed = false } = {}): FakeCheckout {
  const folder = makeTestFolder('checkout');
  if (closed) chmodSync(folder, 0o700);
  const rootDir = join(folder, 'checkout');
  mkdirSync(rootDir);
  for (const { name } of SERVICES) {
    mkdirSync(join(rootDir, name, 'dist'), { recursive: true });
    writeFileSync(join(rootDir, name, 'dist', 'main.js'), FAKE_SERVICE);
  }
  return { rootDir, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
