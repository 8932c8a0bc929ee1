/* What node's test runner found, as the other tests say it: a line each, and all of what went wrong. */
export default async function* lines(events) {
  let failed = 0, passed = 0;
  for await (const { type, data } of events) {
    if (type === 'test:stdout') yield data.message;
    if (type === 'test:pass' && data.skip === undefined && data.nesting === 0 && !data.name.endsWith('.mjs')) {
      passed++;
      yield `      pages: ${data.name} (${(data.details.duration_ms / 1000).toFixed(1)} s)\n`;
    }
    if (type === 'test:fail' && !data.name.endsWith('.mjs')) {
      failed++;
      yield `FAIL  pages: ${data.name}\n      ${String(data.details.error?.cause?.stack ?? data.details.error).replace(/\n/g, '\n      ')}\n`;
    }
    if (type === 'test:stderr') yield data.message;
  }
  yield failed ? `pages: ${failed} of ${failed + passed} failed\n` : `ok    pages: ${passed} tests in a browser\n`;
}
