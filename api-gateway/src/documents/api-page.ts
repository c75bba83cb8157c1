import { Html, html } from '@flight-booking/platform';
import type { ApiDocument, DocumentedOperation } from './api-document.js';
import { PAGE_STYLE } from './api-page.style.js';
import { prose } from './prose.js';
import { remarksOf, schemaTable, typeOf, type NamedSchemas } from './schema-table.js';

interface Entry {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: DocumentedOperation;
}

const OTHER = 'Other';
const LOWEST_REFUSAL = 400;

/** The API's document as one page that needs no script, no font and no other server. */
export function renderApiPage(document: ApiDocument): string {
  const named = document.components?.schemas ?? {};
  const groups = [...groupsOf(document)];
  const { title, version, description } = document.info;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} API</title>
        <style>
          ${new Html(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <nav aria-label="Operations">
          <p class="brand">${title}</p>
          ${groups.map(
            ([tag, entries]) =>
              html`<h2><a href="#${slugOf(tag)}">${tag}</a></h2>
                <ul>
                  ${entries.map(linkTo)}
                </ul>`,
          )}
        </nav>
        <main>
          <header>
            <h1>${title} <small>${version}</small></h1>
            ${description === undefined ? undefined : html`<p>${prose(description)}</p>`}
            <p>
              Send the access token as <code>Authorization: Bearer</code> wherever an operation asks for one.
              The same document for programs: <a href="/openapi.json">/openapi.json</a>.
            </p>
          </header>
          ${groups.map(
            ([tag, entries]) =>
              html`<section id="${slugOf(tag)}">
                <h2>${tag}</h2>
                ${entries.map((entry) => renderEntry(entry, named))}
              </section>`,
          )}
        </main>
      </body>
    </html> `.markup;
}

function groupsOf(document: ApiDocument): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags[0] ?? OTHER;
      const id = operation.operationId ?? slugOf(`${method} ${path}`);
      const entries = groups.get(tag) ?? [];
      entries.push({ id, method: method.toUpperCase(), path, operation });
      groups.set(tag, entries);
    }
  }
  return groups;
}

const slugOf = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const linkTo = ({ id, method, path }: Entry): Html =>
  html`<li>
    <a href="#${id}"><span class="method ${method.toLowerCase()}">${method}</span>${path}</a>
  </li>`;

function renderEntry({ id, method, path, operation }: Entry, named: NamedSchemas): Html {
  const { summary, description, parameters, requestBody } = operation;
  return html`<article id="${id}">
    <h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></h3>
    <p class="summary">${summary} <span class="access">${accessOf(operation)}</span></p>
    ${description === undefined ? undefined : html`<p>${prose(description)}</p>`}
    ${parameters.length === 0 ? undefined : renderParameters(parameters, named)}
    ${requestBody === undefined ? undefined : renderContent('Body', requestBody.content, named)}
    ${renderResponses(operation, named)}
  </article>`;
}

function accessOf(operation: DocumentedOperation): string {
  if (operation.security?.length === 0) return 'no token';
  return operation['x-role'] === undefined ? 'token' : `token of an ${operation['x-role']}`;
}

const renderParameters = (parameters: DocumentedOperation['parameters'], named: NamedSchemas): Html =>
  html` <h4>Parameters</h4>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Remarks</th>
          </tr>
        </thead>
        <tbody>
          ${parameters.map(
            ({ name, in: place, required, schema }) =>
              html`<tr>
                <td>
                  <code>${name}</code>
                  <span class="place">${place}</span
                  >${required ? html` <span class="required">required</span>` : undefined}
                </td>
                <td>${typeOf(schema, named)}</td>
                <td>${remarksOf(schema, named)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;

type Content = NonNullable<DocumentedOperation['requestBody']>['content'];

const renderContent = (title: string, content: Content, named: NamedSchemas): Html =>
  html`${Object.entries(content).map(
    ([type, { schema }]) =>
      html`<h4>${title} <span class="place">${type}</span></h4>
        ${schema === undefined ? undefined : schemaTable(schema, named)}`,
  )}`;

function renderResponses({ responses }: DocumentedOperation, named: NamedSchemas): Html {
  const all = Object.entries(responses);
  const isAnswer = ([status]: (typeof all)[number]): boolean => Number(status) < LOWEST_REFUSAL;
  const problems = all.filter((entry) => !isAnswer(entry));
  return html`${all.filter(isAnswer).map(([status, { content }]) =>
    content === undefined
      ? html`<h4>Answer ${status}</h4>
          <p>No body.</p>`
      : html`<details>
          <summary>Answer ${status}</summary>
          ${renderContent('', content, named)}
        </details>`,
  )}
  ${
    problems.length === 0
      ? undefined
      : html`<details>
          <summary>Problems</summary>
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">Status</th>
                  <th scope="col">When</th>
                </tr>
              </thead>
              <tbody>
                ${problems.map(
                  ([status, { description }]) =>
                    html`<tr>
                      <td>${status}</td>
                      <td>${prose(description)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>
        </details>`
  }`;
}
