import type { Lifecycle } from '@flight-booking/platform';
import { readApiDocument } from './api-document.js';
import { renderApiPage } from './api-page.js';
import { OperationIndex } from './operation-index.js';

interface Loaded {
  readonly json: Buffer;
  readonly page: Buffer;
  readonly operations: OperationIndex;
}

/** The API's document in its three uses: as it is, as a page for people, and as what says which calls exist. */
export class ApiDocumentation implements Lifecycle {
  private loaded: Loaded | undefined;

  constructor(private readonly file: string | URL) {}

  async start(): Promise<void> {
    const { document, bytes } = await readApiDocument(this.file);
    this.loaded = {
      json: bytes,
      page: Buffer.from(renderApiPage(document)),
      operations: new OperationIndex(document),
    };
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  get json(): Buffer {
    return this.required().json;
  }

  get page(): Buffer {
    return this.required().page;
  }

  get operations(): OperationIndex {
    return this.required().operations;
  }

  private required(): Loaded {
    if (this.loaded === undefined) throw new Error('The API document has not been loaded yet.');
    return this.loaded;
  }
}
