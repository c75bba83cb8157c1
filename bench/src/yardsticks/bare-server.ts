import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { announce } from './announce.js';

/** Yardstick: the least that Node does to send these bytes. Argument: the file with the bytes. */
const body = readFileSync(process.argv[2] ?? '');
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };

announce(createServer((_request, response) => response.writeHead(200, headers).end(body)));
