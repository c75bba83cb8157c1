import { expect, test } from 'vitest';
import { Html, html } from './html.js';

test('text that is inserted stays text, in elements and in quoted attributes', () => {
  const text = `<b onclick="x('y')">&amp;</b>`;
  const escaped = '&lt;b onclick=&quot;x(&#39;y&#39;)&quot;&gt;&amp;amp;&lt;/b&gt;';
  expect(html`<p title="${text}">${text}</p>`.markup).toBe(`<p title="${escaped}">${escaped}</p>`);
});

test('markup of the same tag is inserted as it is, one piece or many', () => {
  const pieces = ['a', '<'].map((text) => html`<b>${text}</b>`);
  expect(html`<p>${pieces}${html`<i>c</i>`}</p>`.markup).toBe('<p><b>a</b><b>&lt;</b><i>c</i></p>');
});

test('numbers are written out, and what is absent leaves nothing', () => {
  expect(html`${0}, ${undefined}, ${[]}`.markup).toBe('0, , ');
});

test('markup from elsewhere is trusted only when it is said to be markup', () => {
  expect(html`${new Html('<style>a > b {}</style>')}`.markup).toBe('<style>a > b {}</style>');
});
