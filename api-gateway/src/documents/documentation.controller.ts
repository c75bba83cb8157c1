import { binary, defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import type { ApiDocumentation } from './api-documentation.js';

const TAG = 'Documentation';
const CACHING = { 'cache-control': 'public, max-age=300' };

/** The API's document and its page. */
export class DocumentationController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/openapi.json',
      operation: 'openApiDocument',
      summary: 'The OpenAPI 3.1 document of the whole API',
      tag: TAG,
      auth: 'public',
      output: { 200: binary('application/json') },
      handler: async () =>
        reply(200, this.documentation.json, {
          ...CACHING,
          'content-type': 'application/json; charset=utf-8',
        }),
    }),
    defineRoute({
      method: 'GET',
      path: '/docs',
      operation: 'apiPage',
      summary: 'The same for people to read',
      tag: TAG,
      auth: 'public',
      output: { 200: binary('text/html') },
      handler: async () =>
        reply(200, this.documentation.page, { ...CACHING, 'content-type': 'text/html; charset=utf-8' }),
    }),
  ];

  constructor(private readonly documentation: ApiDocumentation) {}
}
