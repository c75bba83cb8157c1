import { mkdir, writeFile } from 'node:fs/promises';
import { DOCUMENT_FILE, buildOpenApiDocument } from './api/openapi-document.js';

await mkdir(new URL('.', DOCUMENT_FILE), { recursive: true });
await writeFile(DOCUMENT_FILE, `${JSON.stringify(await buildOpenApiDocument(), null, 2)}\n`);
