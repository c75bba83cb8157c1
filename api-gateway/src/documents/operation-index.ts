import { MethodNotAllowed, RouteNotFound } from '@flight-booking/platform';
import type { ApiDocument } from './api-document.js';

/** What the gateway needs to know of an operation. */
export interface Operation {
  /** Whether it needs no token. */
  readonly isPublic: boolean;
  /** Whether it is a way to sign in: public, of auth-service, and no mere read. Those are guessed at. */
  readonly isSignIn: boolean;
  /**
   * Whether it is another public call that does something. Such calls bring their own proof, a signature or a
   * secret in the path: webhooks, and the provider's pages.
   */
  readonly isCallback: boolean;
}

interface Node {
  readonly fixed: Map<string, Node>;
  /** Segments with parameters, the ones with the most fixed text first. */
  readonly patterns: { readonly pattern: RegExp; readonly weight: number; readonly node: Node }[];
  readonly operations: Map<string, Operation>;
}

const SIGN_IN_PREFIX = '/api/auth/';

const emptyNode = (): Node => ({ fixed: new Map(), patterns: [], operations: new Map() });

/** The operations of the API's document, found by method and path. */
export class OperationIndex {
  private readonly root = emptyNode();

  constructor(document: ApiDocument) {
    for (const [template, operations] of Object.entries(document.paths)) {
      const node = template.slice(1).split('/').reduce(descend, this.root);
      for (const [method, { security }] of Object.entries(operations)) {
        const isPublic = security?.length === 0;
        const isPublicWrite = isPublic && method !== 'get';
        const isSignIn = isPublicWrite && template.startsWith(SIGN_IN_PREFIX);
        node.operations.set(method.toUpperCase(), {
          isPublic,
          isSignIn,
          isCallback: isPublicWrite && !isSignIn,
        });
      }
    }
  }

  /**
   * A slash at the end does not matter, nor does it to the services. HEAD is answered wherever GET is.
   * @throws RouteNotFound | MethodNotAllowed
   */
  require(method: string, path: string): Operation {
    const segments = path.split('/');
    const end = segments.at(-1) === '' ? segments.length - 1 : segments.length;
    const operations = find(this.root, segments, 1, end);
    if (operations === undefined) throw new RouteNotFound(`No route has the path ${path.slice(0, 200)}.`);
    const operation = operations.get(method === 'HEAD' ? 'GET' : method);
    if (operation === undefined) throw new MethodNotAllowed([...operations.keys()]);
    return operation;
  }
}

const PARAMETER = /\{[^}]+\}/;

function descend(node: Node, segment: string): Node {
  if (!PARAMETER.test(segment)) {
    const existing = node.fixed.get(segment) ?? emptyNode();
    node.fixed.set(segment, existing);
    return existing;
  }
  const literals = segment.split(PARAMETER);
  const pattern = new RegExp(
    `^${literals.map((text) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&')).join('.+')}$`,
  );
  const known = node.patterns.find((candidate) => candidate.pattern.source === pattern.source);
  if (known !== undefined) return known.node;
  const added = { pattern, weight: literals.join('').length, node: emptyNode() };
  node.patterns.push(added);
  node.patterns.sort((a, b) => b.weight - a.weight);
  return added.node;
}

function find(
  node: Node,
  segments: readonly string[],
  at: number,
  end: number,
): Node['operations'] | undefined {
  if (at >= end) return node.operations.size > 0 ? node.operations : undefined;
  const segment = segments[at] ?? '';
  const fixed = node.fixed.get(segment);
  const found = fixed && find(fixed, segments, at + 1, end);
  if (found !== undefined) return found;
  for (const candidate of node.patterns) {
    if (!candidate.pattern.test(segment)) continue;
    const operations = find(candidate.node, segments, at + 1, end);
    if (operations !== undefined) return operations;
  }
  return undefined;
}
