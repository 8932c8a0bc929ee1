/* The leader's page over many tasks: when something of it is painted, when its numbers are there, what it weighs on the way, and how
 * late its numbers are while many tasks change. What is shown and what it weighs is held; times are told, as they are the machine's.
 *
 * Usage: node measure.mjs [TASKS] */
import { open } from './browser.mjs';
import { Person, Stage } from './play.mjs';

const TASKS = Number(process.argv[2] ?? 100000), VISITS = 7;
const PAINT_MS = 1000, PAGE_BYTES = 150000;
const FLOODS = 12, FLOOD = Math.min(500, Math.floor(TASKS / FLOODS)); // of changes, one right after the other

/* A visit as a browser counts it, with an empty cache: milliseconds from the navigation, and bytes on the wire. */
async function visit(browser, stage, cookies) {
  const context = await browser.newContext({ baseURL: stage.url, viewport: { width: 1366, height: 900 } });
  await context.addCookies(cookies);
  await context.addInitScript(() => { // when they stand there, and not when somebody outside has heard of it
    new MutationObserver((_, self) => {
      if (!document.querySelector('tfoot tr[data-agency=total]')) return;
      window.numbers = performance.now();
      self.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  const page = await context.newPage();
  await page.goto('/overview');
  await page.locator('tfoot tr[data-agency=total]').waitFor();
  const seen = await page.evaluate(() => ({
    numbers: window.numbers, paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    bytes: performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, one) => sum + one.transferSize, 0),
    tasks: Number(document.querySelector('tr[data-agency=total] td[data-of=assigned]').textContent.replace(/\D/g, '')),
  }));
  await context.close();
  return seen;
}

/* Milliseconds from when the last of some changes was answered to when a page that stands open shows what they come to. */
async function lag(person) {
  const cancelled = await stage.say(`cancel ${FLOOD}`), began = performance.now();
  await person.page.waitForFunction((wanted) => Number(document.querySelector('tr[data-agency=total] td[data-of=assigned]')?.textContent.replace(/\D/g, '')) === wanted, TASKS - cancelled, { polling: 20 });
  return performance.now() - began;
}

const whole = (ms) => `${Math.round(ms)} ms`;
const stage = await Stage.open('--tasks', String(TASKS)), browser = await open();
let missed = 0;
try {
  const person = await Person.sit(browser, stage, 'lanhdao');
  const cookies = await person.context.cookies();
  const visits = [];
  const cold = await visit(browser, stage, cookies); // the first of all: what it shows has to be added up
  console.log(`measured: the first visit: first paint ${whole(cold.paint)}, numbers ${whole(cold.numbers)}`);
  for (let i = 0; i < VISITS; i++) visits.push(await visit(browser, stage, cookies));
  const of = (name) => visits.map((one) => one[name]).sort((a, b) => a - b);
  const middle = (name) => of(name)[VISITS >> 1];
  console.log(`measured: overview over ${visits[0].tasks} tasks: first paint ${whole(middle('paint'))} (at most ${whole(of('paint').at(-1))}), numbers ${whole(middle('numbers'))} (at most ${whole(of('numbers').at(-1))}), ${Math.round(middle('bytes') / 1000)} kB`);
  await person.go('/overview');
  await person.page.locator('tfoot tr[data-agency=total]').waitFor();
  const lags = [];
  for (let i = 0; i < FLOODS; i++) lags.push(await lag(person));
  lags.sort((a, b) => a - b);
  console.log(`measured: numbers after ${FLOOD} changes, ${FLOODS} times: ${whole(lags[FLOODS >> 1])} late (at most ${whole(lags.at(-1))})`);
  if (visits[0].tasks !== TASKS) missed++, console.log(`missed: it shows ${visits[0].tasks} tasks, not ${TASKS}`);
  if (Math.max(cold.paint, of('paint').at(-1)) > PAINT_MS) console.log(`measured: first paint is later than ${PAINT_MS} ms: is the machine quiet?`);
  if (of('bytes').at(-1) > PAGE_BYTES) missed++, console.log(`missed: at most ${PAGE_BYTES} bytes`);
} finally {
  await browser.close();
  await stage.close();
}
process.exit(missed ? 1 : 0);
