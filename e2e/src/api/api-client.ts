/** One request with its answer, as a client saw them. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly requestBody?: unknown;
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else the bytes. */
  // Callers know what they asked for, and a missing member fails where it is used.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly durationMs: number;
}

/** What a request may carry besides its address. */
export interface RequestOptions {
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly rawBody?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that has to have this status for the next step to make sense. @throws Error that shows the answer */
export function withStatus(exchange: Exchange, status: number): Exchange {
  if (exchange.status === status) return exchange;
  const { method, path, body } = exchange;
  throw new Error(`${method} ${path} was answered ${exchange.status}: ${JSON.stringify(body)}`);
}

/** Speaks to the platform as any HTTP client would. */
export class ApiClient {
  /** The access token that requests carry, once there is one. */
  token: string | undefined;

  constructor(
    readonly baseUrl: string,
    private readonly onExchange: (exchange: Exchange) => void = () => {},
  ) {}

  get(path: string, options?: RequestOptions): Promise<Exchange> {
    return this.request('GET', path, options);
  }

  post(path: string, body: unknown = {}, options: RequestOptions = {}): Promise<Exchange> {
    return this.request('POST', path, { body, ...options });
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<Exchange> {
    const startedAt = performance.now();
    const { body, rawBody = body === undefined ? undefined : JSON.stringify(body) } = options;
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(rawBody !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(rawBody !== undefined && { body: rawBody }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const exchange: Exchange = {
      method,
      path,
      ...(body !== undefined && { requestBody: body }),
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(bytes.toString()) : bytes,
      durationMs: performance.now() - startedAt,
    };
    this.onExchange(exchange);
    return exchange;
  }
}
