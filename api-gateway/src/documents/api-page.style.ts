/** The API page's style sheet; it stands in the page, so that the page is whole. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c2430; --dim: #5d6878; --paper: #ffffff; --panel: #f5f7fa; --line: #dfe4ea; --accent: #0b5cad;
  --get: #0b6e4f; --post: #0b5cad; --put: #8a5a00; --delete: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e9f0; --dim: #9aa6b6; --paper: #12161c; --panel: #1a2029; --line: #2c3542; --accent: #7db8f5;
    --get: #5fcf9f; --post: #7db8f5; --put: #e0b060; --delete: #f2958e;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0; display: grid; grid-template-columns: 20rem minmax(0, 1fr);
  font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
}
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
code { font: 0.9em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
nav {
  position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.25rem;
  background: var(--panel); border-right: 1px solid var(--line); font-size: 0.85rem;
}
nav h2 { margin: 1.25rem 0 0.25rem; font-size: 0.8rem; text-transform: uppercase; letter-spacing: 0.05em; }
nav h2 a { color: var(--dim); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li a { display: block; padding: 0.15rem 0; color: var(--ink); overflow-wrap: anywhere; }
.brand { margin: 0; font-size: 1.05rem; font-weight: 700; }
main { padding: 2rem clamp(1rem, 4vw, 3.5rem) 6rem; max-width: 64rem; }
h1 { margin: 0; font-size: 1.9rem; }
h1 small { font-size: 0.9rem; font-weight: 400; color: var(--dim); }
section > h2 { margin: 3rem 0 0; padding-bottom: 0.4rem; border-bottom: 2px solid var(--line); }
article { margin: 1.75rem 0 2.5rem; scroll-margin-top: 1rem; }
h3 { margin: 0; font-size: 1.1rem; }
h4 { margin: 1.1rem 0 0.35rem; font-size: 0.9rem; }
.method { display: inline-block; min-width: 4.4em; font: 700 0.75em ui-monospace, monospace; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .delete { color: var(--delete); }
.summary { margin: 0.25rem 0; }
.access, .place, .required {
  padding: 0.05rem 0.5rem; border: 1px solid var(--line); border-radius: 1rem;
  font-size: 0.75rem; font-weight: 400; color: var(--dim); white-space: nowrap;
}
.required { color: var(--delete); }
.variant { margin: 0.75rem 0 0.25rem; color: var(--dim); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
th, td { padding: 0.35rem 0.6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; }
details { margin: 0.6rem 0; border: 1px solid var(--line); border-radius: 0.4rem; background: var(--panel); }
summary { padding: 0.4rem 0.75rem; cursor: pointer; font-size: 0.875rem; font-weight: 600; }
details > :not(summary) { margin-left: 0.75rem; margin-right: 0.75rem; }
@media (max-width: 52rem) {
  body { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
}
@media print { nav { display: none; } body { display: block; } }
`;
