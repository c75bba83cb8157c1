import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A JSON Schema (2020-12) as far as the API page reads it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const jsonSchema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.looseObject({ schema: jsonSchema.optional() }));

const operation = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().default(''),
  description: z.string().optional(),
  tags: z.array(z.string()).default([]),
  security: z.array(z.unknown()).optional(),
  'x-role': z.string().optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        schema: jsonSchema.default({}),
      }),
    )
    .default([]),
  requestBody: z.looseObject({ required: z.boolean().default(false), content }).optional(),
  responses: z
    .record(z.string(), z.looseObject({ description: z.string().default(''), content: content.optional() }))
    .default({}),
});
/** An operation of the document. */
export type DocumentedOperation = z.infer<typeof operation>;

const apiDocument = z.looseObject({
  openapi: z.string().regex(/^3\.1\./, 'must be an OpenAPI 3.1 document'),
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string().optional() }),
  paths: z.record(z.string().startsWith('/'), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), jsonSchema).default({}) }).optional(),
});

/** The OpenAPI document of the whole API, as far as the gateway reads it. */
export type ApiDocument = z.infer<typeof apiDocument>;

/**
 * Reads the document from its file.
 * @throws Error that says how to make the file, when it is missing or not one
 */
export async function readApiDocument(file: string | URL): Promise<{ document: ApiDocument; bytes: Buffer }> {
  try {
    const bytes = await readFile(file);
    return { document: apiDocument.parse(JSON.parse(bytes.toString())), bytes };
  } catch (error) {
    throw new Error(
      `The API document ${String(file)} cannot be read. Make it with \`npm run openapi\`, or name it in OPENAPI_FILE.`,
      { cause: error },
    );
  }
}
