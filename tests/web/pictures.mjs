/* Pictures of every page: both languages, light and dark, 360 px, the wall, print. For the eyes; none is compared.
 *
 * Usage: node pictures.mjs URL DIRECTORY [WORD]; CLERK and LEADER are `user:password`, WORD chooses pictures by their name. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from './browser.mjs';

const [url, directory, word = ''] = process.argv.slice(2);
const people = { clerk: (process.env.CLERK ?? 'ubh:ubh').split(':'), leader: (process.env.LEADER ?? 'btv-tu:btv-tu').split(':') };
const task = async (page) => (await (await page.request.post(`${url}/api/op/task_list`, { data: { reference: 'HT-014' } })).json()).reply.tasks[0]?.task ?? 1;

const PAGES = {
  signin: { who: null, path: () => '/' },
  inbox: { who: 'clerk', path: () => '/inbox' },
  task: { who: 'clerk', path: async (page) => `/tasks/${await waits(page)}` },
  submit: { who: 'clerk', path: async (page) => `/tasks/${await waits(page)}?act=submit` },
  assign: { who: 'leader', path: () => '/assign', then: (page) => fillAssignment(page) },
  amend: { who: 'leader', path: async (page) => `/tasks/${await task(page)}?act=amend`, then: async (page) => { await page.locator('.duefield input[type=radio]').nth(2).check(); await page.locator('.consequence .why').waitFor(); } },
  tasks: { who: 'leader', path: () => '/tasks?timeliness=overdue' },
  filters: { who: 'leader', path: () => '/tasks?search=nong%20nghiep&agency=tu&subtree=1' },
  overview: { who: 'leader', path: () => '/overview' },
  escalations: { who: 'leader', path: () => '/escalations' },
  report: { who: 'leader', path: () => '/report' },
  wall: { who: 'leader', path: () => '/wall' },
};

/* A task that the clerk leads and that is under way. */
async function waits(page) {
  const me = await (await page.request.get(`${url}/api/me`)).json();
  const list = await (await page.request.post(`${url}/api/op/task_list`, { data: { agency: me.agency, roles: ['lead'], states: ['in_progress', 'accepted'] } })).json();
  return list.reply.tasks[0].task;
}

async function fillAssignment(page) {
  await page.fill('#assign-reference', 'TU-2024-118');
  await page.fill('#assign-leads', 'tai nguyen');
  await page.locator('.options li').first().waitFor();
  await page.keyboard.press('Enter');
  await page.fill('#assign-title', 'Rà soát quỹ đất công và báo cáo phương án xử lý các trường hợp lấn chiếm');
  await page.locator('.duefield input[type=radio]').nth(2).check();
  await page.locator('.consequence .why').first().waitFor();
}

const VIEWS = [
  { name: 'vi-light', width: 1366, language: 'vi', theme: 'light' }, { name: 'vi-dark', width: 1366, language: 'vi', theme: 'dark' },
  { name: 'en-light', width: 1366, language: 'en', theme: 'light' }, { name: 'en-dark', width: 1366, language: 'en', theme: 'dark' },
  { name: 'vi-360', width: 360, language: 'vi', theme: 'light' }, { name: 'en-360-dark', width: 360, language: 'en', theme: 'dark' },
  { name: 'vi-print', width: 1366, language: 'vi', theme: 'light', print: true, only: ['report', 'task', 'tasks', 'overview'] }, { name: 'en-print', width: 1366, language: 'en', theme: 'dark', print: true, only: ['report'] },
];

async function picture(browser, view, name, { who, path, then }) {
  const context = await browser.newContext({ viewport: { width: view.width, height: name === 'wall' ? 768 : 900 }, baseURL: url });
  await context.addInitScript(({ language, theme }) => { localStorage.setItem('language', language); localStorage.setItem('theme', theme); }, view);
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && !/401/.test(message.text()) && console.log(`${name} ${view.name}: ${message.text()}`));
  page.on('pageerror', (error) => console.log(`${name} ${view.name}: ${error}`));
  if (who) await page.request.post('/api/sign-in', { data: { user: people[who][0], password: people[who][1] } });
  await page.goto(await path(page));
  await page.locator('h1').first().waitFor();
  if (who) await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  if (then) await then(page);
  await page.locator('.u-over, .counted, h1').first().waitFor();
  await page.waitForTimeout(400); // dates that are counted, names that come: for the eyes only
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) console.log(`${name} ${view.name}: ${wide} px too wide`);
  const file = join(directory, `${name}-${view.name}`);
  if (view.print) await page.pdf({ path: `${file}.pdf`, format: 'A4', preferCSSPageSize: true });
  else await page.screenshot({ path: `${file}.png`, fullPage: name !== 'wall' });
  await context.close();
}

mkdirSync(directory, { recursive: true });
const browser = await open();
for (const view of VIEWS)
  for (const [name, page] of Object.entries(PAGES))
    if (`${name}-${view.name}`.includes(word) && (!view.only || view.only.includes(name)))
      await picture(browser, view, name, page).catch((error) => console.log(`${name} ${view.name}: ${error.message.split('\n')[0]}`));
await browser.close();
