import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, inject, it } from 'vitest';
import { DOCUMENT_FILE, buildOpenApiDocument } from './api/openapi-document.js';
import { document, operations } from './testing/conformance.js';

describe('the API document', () => {
  it('is what the services say of themselves; npm run openapi writes it anew', async () => {
    expect(JSON.parse(await readFile(DOCUMENT_FILE, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(await buildOpenApiDocument())),
    );
  });

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect([errors, valid]).toEqual([undefined, true]);
  });

  it('names every operation once and shows no internal one', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(operations.filter(({ path }) => path.startsWith('/internal'))).toEqual([]);
  });

  it('is served by the gateway, with a page of it for people', async () => {
    const gatewayUrl = inject('gatewayUrl');
    const served = await fetch(`${gatewayUrl}/openapi.json`);
    expect(await served.json()).toEqual(document);
    const page = await (await fetch(`${gatewayUrl}/docs`)).text();
    for (const { path, method } of operations) {
      expect(page).toContain(path);
      expect(page).toContain(method);
    }
  });
});
