/* The build. The vocabulary and the table of actions are read from the tables that the broker itself is made of, so that no
 * word is kept twice: a row that cannot be read ends the build. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const TERMS = fileURLToPath(new URL('../../../protocol/terms.def.h', import.meta.url));
const ACTIONS = fileURLToPath(new URL('../../../daemon/core/actions.def.h', import.meta.url));

/* {vocabulary: {term: [Vietnamese, sentence]}} of the rows T(CONSTANT, number, "name", "Vietnamese", "sentence"). */
function readTerms(text: string): Record<string, Record<string, string[]>> {
  const joined = text.replace(/\\\n/g, ' ').replace(/"\s+"/g, '');
  const terms: Record<string, Record<string, string[]>> = {};
  for (const [, vocabulary, rows] of joined.matchAll(/#define TERM_([A-Z_]+)\(T\)(.*)/g)) {
    const list: Record<string, string[]> = (terms[vocabulary.toLowerCase()] = {});
    for (const [, name, vietnamese] of rows.matchAll(/T\(\w+, \d+, "([^"]+)",\s*"([^"]+)",/g)) list[name] = [vietnamese];
    if (!Object.keys(list).length) throw new Error(`terms.def.h: no rows in ${vocabulary}`);
  }
  if (!terms.state?.assigned || !terms.role?.lead) throw new Error('terms.def.h: no states, or no roles');
  return terms;
}

/* {action: {to, told}}: the state after it (or `stays`, `resumes`), and the roles that are told. */
function readActions(text: string): Record<string, { to: string; told: string[] }> {
  const joined = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\\\n/g, ' ');
  const sets: Record<string, string> = {};
  for (const [, name, value] of joined.matchAll(/#define (ROLES_\w+)\s+(\(.*\))/g)) sets[name] = value;
  const roles = (words: string): string[] => [
    ...new Set([...words.matchAll(/TO\((\w+)\)|(ROLES_\w+)/g)].flatMap(([, one, set]) => (one ? [one.toLowerCase()] : roles(sets[set])))),
  ];
  const actions: Record<string, { to: string; told: string[] }> = {};
  for (const [, name, to, told] of joined.matchAll(/A\([A-Z_]+, (\w+),.*?,\s*(STATE_\w+|ACTION_\w+),\s*MAY\(.*?TELL\(\w+, \w+, ([^)]*(?:\([A-Z_]+\)[^)]*)*)\),\s*SAY/g))
    actions[name] = { to: to.replace(/^(STATE|ACTION)_/, '').toLowerCase(), told: roles(told) };
  for (const name of Object.keys(readTerms(readFileSync(TERMS, 'utf8')).action))
    if (!actions[name]?.told.length) throw new Error(`actions.def.h: cannot read the row of ${name}`);
  return actions;
}

function tables(): Plugin {
  return {
    name: 'tables',
    resolveId: (id) => (id === 'virtual:tables' ? '\0tables' : undefined),
    load(id) {
      if (id !== '\0tables') return undefined;
      this.addWatchFile(TERMS);
      this.addWatchFile(ACTIONS);
      return `export const terms = ${JSON.stringify(readTerms(readFileSync(TERMS, 'utf8')))};
export const actions = ${JSON.stringify(readActions(readFileSync(ACTIONS, 'utf8')))};`;
    },
  };
}

/* What boot.ts makes the page with is fetched beside it, not behind it. */
function beside(): Plugin {
  return {
    name: 'beside',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        const main = Object.values(bundle ?? {}).find((chunk) => chunk.type === 'chunk' && chunk.name === 'main');
        if (bundle && !main) throw new Error('index.html: there is no chunk of main.tsx to fetch');
        return main ? [{ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${main.fileName}` }, injectTo: 'head' }] : [];
      },
    },
  };
}

export default defineConfig({
  plugins: [tables(), beside()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: { target: 'es2020', assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: false },
});
