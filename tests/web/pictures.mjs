/* Pictures of every page: both languages, light and dark, 360 px, the wall, print. For the eyes; none is compared.
 *
 * Usage: node pictures.mjs DIRECTORY [WORD]; WORD chooses pictures by their name. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from './browser.mjs';
import { Person, Stage } from './play.mjs';

const [directory, word = ''] = process.argv.slice(2);
const people = { clerk: 'huyen', leader: 'lanhdao', giver: 'giao', lead: 'vanthu' };
let asked, recommended, answered, whole, silent, rate, amounts, late; // what prepare() makes

const PAGES = {
  signin: { who: null, path: () => '/' },
  inbox: { who: 'clerk', path: () => '/inbox' },
  owed: { who: 'leader', path: () => '/inbox', then: (page) => page.locator('.group-to_opine').waitFor() },
  task: { who: 'clerk', path: async (page) => `/tasks/${await waits(page)}` },
  submit: { who: 'clerk', path: async (page) => `/tasks/${await waits(page)}?act=submit` },
  assign: { who: 'leader', path: () => '/assign', then: (page) => fillAssignment(page) },
  ask: { who: 'clerk', path: async (page) => `/tasks/${await waits(page)}?act=ask`, then: async (page) => { await page.locator('.duefield input[type=radio]').nth(1).check(); await page.locator('.duefield input[type=number]').fill('15'); await page.fill('#field-note', 'Chưa có kết quả đo đạc của đơn vị tư vấn.'); await page.locator('.consequence .tried, .consequence .warn').first().waitFor(); } },
  grant: { who: 'clerk', path: async () => `/tasks/${asked.task}?act=grant&ask=${asked.ask}`, then: (page) => page.locator('.consequence .tried').waitFor() },
  asked: { who: 'clerk', path: async () => `/tasks/${asked.task}` },
  requests: { who: 'clerk', path: () => '/requests' },
  answer: { who: 'leader', path: async () => `/tasks/${recommended}?act=answer`, then: (page) => page.selectOption('#field-answer', 'passed_on') },
  answered: { who: 'giver', path: async () => `/tasks/${answered}` },
  amend: { who: 'leader', path: async (page) => `/tasks/${await waits(page, 'assigner')}?act=amend`, then: async (page) => { await page.locator('.duefield input[type=radio]').nth(2).check(); await page.locator('.consequence .why').waitFor(); } },
  tasks: { who: 'leader', path: () => '/tasks?timeliness=overdue' },
  filters: { who: 'leader', path: () => '/tasks?search=nong%20nghiep&agency=tu&subtree=1' },
  overview: { who: 'leader', path: () => '/overview', then: (page) => page.locator('.u-over').waitFor() },
  escalations: { who: 'leader', path: () => '/escalations' },
  report: { who: 'leader', path: () => '/report', then: (page) => page.locator('.signatures').waitFor() },
  wall: { who: 'leader', path: () => '/wall', then: (page) => page.locator('.big').waitFor() },
  whole: { who: 'lead', path: async () => `/tasks/${whole}`, then: (page) => page.locator('.custody .turn').first().waitFor() },
  silent: { who: 'leader', path: async () => `/tasks/${silent}`, then: (page) => page.locator('.opinions').waitFor() },
  consult: { who: 'lead', path: async () => `/tasks/${whole}?act=consult`, then: async (page) => { await page.fill('#field-agencies', 'ubh'); await page.locator('.options li').first().waitFor(); await page.keyboard.press('Enter'); await page.locator('.duefield input[type=radio]').nth(1).check(); await page.fill('#field-note', 'Đề nghị cho ý kiến về phương án thu hồi.'); await page.locator('.consequence .tried, .consequence .warn').first().waitFor(); } },
  opine: { who: 'leader', path: async () => `/tasks/${whole}?act=opine`, then: async (page) => { await page.selectOption('#field-answer', 'agreed_in_part'); await page.fill('#field-note', 'Cơ bản thống nhất.'); await page.locator('.consequence .tried').waitFor(); } },
  late: { who: 'leader', path: async () => `/tasks/${late}`, then: (page) => page.locator('.ladder .fired').waitFor() },
  why: { who: 'clerk', path: async () => `/tasks/${asked.task}`, then: async (page) => { await page.locator('.dates li .why').first().waitFor(); await page.evaluate(() => document.querySelectorAll('.dates details, .ladder details').forEach((one) => { one.open = true; })); } },
  targets: { who: 'giver', path: () => '/targets', then: (page) => page.locator('table.targets').waitFor() },
  target: { who: 'lead', path: async () => `/targets?task=${rate}`, then: (page) => page.locator('.course .plot').waitFor() },
  amounts: { who: 'giver', path: async () => `/targets?task=${amounts}`, then: (page) => page.locator('.course .plot').waitFor() },
  documents: { who: 'giver', path: () => '/documents' },
  coverage: { who: 'giver', path: () => '/documents?document=645-KL%2FHU', then: (page) => page.locator('.coverage tfoot').waitFor() },
  hotspots: { who: 'giver', path: () => '/hot-spots', then: (page) => page.locator('.counted').waitFor() },
  hotspot: { who: 'giver', path: () => '/hot-spots?rule=huyen', then: (page) => page.locator('.counted').waitFor() },
  circulars: { who: 'giver', path: () => '/circulars', then: (page) => page.locator('.counted').waitFor() },
  circular: { who: 'giver', path: () => '/circulars?reference=TB-12', then: (page) => page.locator('.counted').waitFor() },
  schedules: { who: 'giver', path: () => '/schedules', then: (page) => page.locator('.counted').waitFor() },
  account: { who: 'clerk', path: () => '/account' },
};

/* A task that is under way. */
async function waits(person, role = 'lead') {
  const me = await (await person.context.request.get('/api/me')).json();
  return (await person.read('task_list', { agency: me.agency, roles: [role], states: ['in_progress', 'accepted'] })).tasks[0].task;
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

const A4_PX = 665; // 176 mm, at 96 to the inch
const PRINTED = ['report', 'task', 'tasks', 'overview', 'whole', 'coverage', 'circular', 'targets', 'target', 'late'];
const VIEWS = [
  { name: 'vi-light', width: 1366, language: 'vi', theme: 'light' }, { name: 'vi-dark', width: 1366, language: 'vi', theme: 'dark' },
  { name: 'en-light', width: 1366, language: 'en', theme: 'light' }, { name: 'en-dark', width: 1366, language: 'en', theme: 'dark' },
  { name: 'vi-360', width: 360, language: 'vi', theme: 'light' }, { name: 'en-360-dark', width: 360, language: 'en', theme: 'dark' },
  { name: 'vi-print', width: 1366, language: 'vi', theme: 'light', print: true, only: PRINTED }, { name: 'en-print', width: 1366, language: 'en', theme: 'dark', print: true, only: PRINTED },
  { name: 'readme', width: 1366, language: 'vi', theme: 'light', clipped: true, only: ['overview'] }, // clients/web/screenshot.png
];

async function picture(browser, stage, view, name, { who, path, then }) {
  const person = await Person.sit(browser, stage, null, { locale: view.language === 'vi' ? 'vi-VN' : 'en-GB', viewport: { width: view.width, height: name === 'wall' ? 768 : 900 } });
  const page = person.page;
  await person.context.addInitScript(({ language, theme }) => { localStorage.setItem('language', language); localStorage.setItem('theme', theme); }, view);
  if (who) await person.signIn(people[who]);
  await page.goto(await path(person));
  await page.locator('h1').first().waitFor();
  if (who) await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  if (then) await then(page);
  await page.waitForTimeout(500); // dates that are counted, names that come: for the eyes only
  const file = join(directory, `${name}-${view.name}`);
  if (view.print) {
    await page.pdf({ path: `${file}.pdf`, preferCSSPageSize: true });
    await page.setViewportSize({ width: A4_PX, height: 900 }); // the sheet without its edges, for who has no reader of PDF
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: `${file}.png`, fullPage: true });
  } else await page.screenshot({ path: `${file}.png`, fullPage: name !== 'wall' && !view.clipped });
  await person.context.close();
}

/* Requests of a lead, one granted and one that waits; recommendations, one answered. */
async function prepare(browser, stage) {
  const [huyen, clerk, giver, leader] = await Promise.all(['huyen', 'vanthu', 'giao', 'lanhdao'].map((user) => Person.sit(browser, stage, user)));
  const { tasks: [{ task }] } = await huyen.change('assign', { reference: 'UBH-31', leads: ['p-tnmt'], content: { title: 'Thống kê, rà soát quỹ đất công ích và các trường hợp lấn chiếm', due: '10wd' } });
  await clerk.change('ask', { task, asking: 'extension', due: '20wd', note: 'Chưa có số liệu đo đạc của ba xã.' });
  const of = async () => (await clerk.read('task_get', { task })).task.asks.at(-1).ask;
  await huyen.change('grant', { task, ask: await of(), due: '15wd', note: 'Gia hạn một lần, báo cáo tiến độ hằng tuần.' });
  await clerk.change('ask', { task, asking: 'transfer', lead: 'p-nnptnt', note: 'Đất công ích do phòng Nông nghiệp quản lý.' });
  asked = { task, ask: await of() };
  const recommend = async (reference, title) => (await giver.change('assign', { reference, leads: ['btv-tu'], content: { kind: 'recommendation', title, due: '10wd' } })).tasks[0].task;
  recommended = await recommend('KN-07', 'Kiến nghị bổ sung vốn hạ tầng cụm công nghiệp Thắng Hải');
  answered = await recommend('KN-05', 'Kiến nghị điều chỉnh quy hoạch sử dụng đất ven biển');
  await leader.change('answer', { task: answered, answer: 'agreed_in_part', note: 'Đồng ý điều chỉnh 120 ha tại xã Tân Thắng; phần còn lại chờ quy hoạch tỉnh được duyệt.' });
  await prepareMore(huyen, clerk, giver, leader);
  await prepareTargets(clerk, giver);
  for (const person of [huyen, clerk, giver, leader]) await person.context.close();
}

/* Values of both targets: worse and better than planned, one corrected, one missing. */
async function prepareTargets(clerk, giver) {
  const find = async (reference) => (await giver.read('task_get', { reference })).task.task;
  rate = await find('CT-DAT');
  amounts = await find('CT-VON');
  for (const [period, numerator, denominator] of [['2024-06', 44, 410], ['2024-07', 38, 402], ['2024-08', 36, 398], ['2024-09', 31, 405], ['2024-10', 29, 411]]) await clerk.change('report', { task: rate, period, numerator, denominator, note: period === '2024-06' ? 'Trễ do hệ thống một cửa ngừng ba ngày.' : undefined });
  await clerk.change('report', { task: rate, period: '2024-09', numerator: 27, denominator: 405, note: 'Đếm trùng bốn hồ sơ.' });
  for (const [period, value] of [['2024-06', 420], ['2024-07', 510.5], ['2024-08', 640], ['2024-09', 702.25], ['2024-10', 655], ['2024-11', 690]]) await clerk.change('report', { task: amounts, period, value });
}

/* A document by its paragraphs; a task with parts, that waits for another, on which opinions are asked; a circular; a hot spot; schedules. */
async function prepareMore(huyen, clerk, giver, leader) {
  const give = async (reference, lead, title, more = {}) => (await giver.change('assign', { reference, leads: [lead], content: { title, due: '15wd', ...more } })).tasks[0].task;
  await giver.change('document_set', { document: { document: '645-KL/HU', kind: 'conclusion', title: 'Kết luận của Ban Thường vụ Huyện ủy về quản lý đất công', issued: '2024-06-12', paragraphs: [
    { paragraph: 'II.1', text: 'Rà soát, thống kê toàn bộ quỹ đất công ích trên địa bàn huyện.' }, { paragraph: 'II.2', text: 'Lập phương án thu hồi các diện tích bị lấn, chiếm trái phép; hoàn thành trước ngày 31/12.' },
    { paragraph: 'II.3', text: 'Xử lý trách nhiệm tập thể, cá nhân để xảy ra vi phạm.' }, { paragraph: 'III', text: 'Báo cáo kết quả về Ban Thường vụ Huyện ủy.' }] } });
  await giver.change('document_set', { document: { document: '18-KH/HU', kind: 'plan', title: 'Kế hoạch chuyển đổi số trong các cơ quan Đảng', issued: '2023-02-01' } });
  await giver.change('document_withdraw', { document: '18-KH/HU', note: 'Đã thực hiện xong.' });
  const before = await give('HU-51', 'p-tnmt', 'Đo đạc hiện trạng khu đất ven biển xã Tân Thắng', { document: '645-KL/HU', paragraphs: ['II.1'] });
  whole = await give('HU-52', 'p-tnmt', 'Lập phương án thu hồi diện tích đất công bị lấn chiếm', { document: '645-KL/HU', paragraphs: ['II.1', 'II.2'], waits_for: [before], description: 'Phương án nêu rõ từng thửa, người sử dụng, căn cứ pháp lý và thời hạn thu hồi.' });
  await give('HU-52.1', 'p-tnmt', 'Kiểm kê các thửa bị lấn chiếm', { document: '645-KL/HU', paragraphs: ['II.2'], parent: whole, weight: 3, due: '8wd' });
  await give('HU-52.2', 'p-nnptnt', 'Xác định đất công ích trong diện tích lấn chiếm', { document: '645-KL/HU', parent: whole, due: '8wd' });
  await clerk.change('accept', { task: whole });
  await clerk.change('consult', { task: whole, agencies: ['ubh', 'btv-tu', 'p-nnptnt'], due: '5wd', note: 'Phương án thu hồi có phù hợp với quy hoạch sử dụng đất đến năm 2030 không?' });
  const { question } = (await clerk.read('task_get', { task: whole })).task.questions[0];
  await huyen.change('opine', { task: whole, question, answer: 'agreed', note: 'Thống nhất; đề nghị bổ sung phương án hỗ trợ hộ nghèo.' });
  await clerk.change('ask', { task: whole, asking: 'suspension', until: '5wd', note: 'Chờ kết luận thanh tra.' });
  const tasks = (await leader.read('task_list', { limit: 1000 })).tasks;
  late = tasks.find((one) => one.timeliness === 'overdue').task;
  silent = (tasks.find((one) => one.opinions?.some((opinion) => opinion.state === 'silent')) ?? tasks.find((one) => one.opinions?.length) ?? { task: whole }).task;
  await giver.change('assign', { reference: 'TB-12', leads: ['p-tnmt', 'ubh', 'p-nnptnt', 'p-ktht', 'p-tckh'], content: { kind: 'circular', title: 'Thông báo lịch kiểm tra công tác quản lý đất đai quý II', due: '3wd' } });
  const circular = (await clerk.read('task_list', { agency: 'p-tnmt', roles: ['lead'], kinds: ['circular'] })).tasks[0].task;
  await clerk.change('accept', { task: circular });
  await giver.change('hot_spot_set', { rule: { rule: 'huyen', agency: 'btv-hu', tasks: 1, to: ['btv-hu'] } });
  await giver.change('hot_spot_set', { rule: { rule: 'dat-dai', agency: 'btv-hu', area: 'đất đai', tasks: 5, to: ['btv-hu'] } });
  const plan = (schedule, period, leads, content, more = {}) => giver.change('schedule_set', { schedule: { schedule, period, leads, content, ...more } });
  await plan('BC-tuan', 'weekly', ['p-tnmt', 'ubh'], { title: 'Báo cáo tuần về quản lý đất công', kind: 'report', due: '4wd' });
  await plan('BC-quy', 'quarterly', ['ubh'], { title: 'Báo cáo quý về kết quả thực hiện Kết luận 645-KL/HU', kind: 'report' }, { due_at_end: true });
}

mkdirSync(directory, { recursive: true });
const stage = await Stage.open(), browser = await open();
try {
  await prepare(browser, stage);
  for (const view of VIEWS)
    for (const [name, page] of Object.entries(PAGES))
      if (`${name}-${view.name}`.includes(word) && (!view.only || view.only.includes(name))) await picture(browser, stage, view, name, page);
} finally {
  await browser.close();
  await stage.close();
}
