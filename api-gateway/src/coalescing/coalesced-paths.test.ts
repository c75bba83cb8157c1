import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COALESCED_PATHS } from './coalesced-paths.js';

const document = JSON.parse(
  readFileSync(new URL('../../../docs/openapi/openapi.json', import.meta.url), 'utf8'),
) as { paths: Record<string, Record<string, Record<string, unknown>>> };

it.each([...COALESCED_PATHS])('%s is a read of the API for users, for whatever role', (path) => {
  expect(document.paths[path]?.['get']?.['security']).toEqual([{ bearer: [] }]);
  expect(document.paths[path]?.['get']?.['x-role']).toBeUndefined();
});
