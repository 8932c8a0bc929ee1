/* The broker's explanations in Vietnamese. It writes them in English, in few forms; each form has a row here. A line of no
 * known form is shown as it came: better in English than wrong. */
import { agencyName } from './names';
import { showDay } from './dates';
import { showPeriod } from './periods';
import { terms } from 'virtual:tables';
import { inVietnamese } from './words';

const SORTS: [RegExp, string][] = [
  [/make-up working day/g, 'ngày làm bù'], [/working day with hours of its own/g, 'ngày làm việc có giờ riêng'], [/weekly day off/g, 'ngày nghỉ hằng tuần'], [/\bworking day\b/g, 'ngày làm việc'], [/day off/g, 'ngày nghỉ'],
  [/not yet decreed/g, 'chưa có quyết định'],
];
const UNITS: [RegExp, string][] = [
  [/working days?/g, 'ngày làm việc'], [/working hours?/g, 'giờ làm việc'], [/working minutes?/g, 'phút làm việc'], [/\bdays?\b/g, 'ngày'], [/\bhours?\b/g, 'giờ'], [/\bminutes?\b/g, 'phút'],
  [/(\d+) h\b/g, '$1 giờ'], [/(\d+) min\b/g, '$1 phút'],
];
const swap = (text: string, rows: [RegExp, string][]): string => rows.reduce((done, [from, to]) => done.replace(from, to), text);
const of = (vocabulary: string, name: string): string => terms[vocabulary]?.[name]?.[0] ?? name;

/* Roles and agencies, by commas. */
const who = (list: string): string =>
  list.split(', ').map((one) => (terms.role[one] ? of('role', one) : one === '…' ? one : agencyName(one))).join(', ');

function span(text: string): string {
  const at = /^(?:on|at) the deadline of (\w+)$/.exec(text);
  if (at) return `đúng ${of('deadline', at[1])}`;
  const away = /^(\d+ [\w ]+?) (before|after) the deadline of (\w+)$/.exec(text);
  return away ? `${swap(away[1], UNITS)} ${away[2] === 'before' ? 'trước' : 'sau'} ${of('deadline', away[3])}` : text;
}

function tail(text: string): string {
  return text
    .replace(/; again every (\d+ [\w ]+?), (\d+) times? at most, until (acknowledged or met|met)/, (_, every, times, until) =>
      `; nhắc lại mỗi ${swap(every, UNITS)}, nhiều nhất ${times} lần, đến khi ${until === 'met' ? 'xong' : 'được ghi nhận hoặc xong'}`)
    .replace(/; once more, if nothing comes of it: (\S+) acknowledged level (\d+)/, (_, by, level) => `; lại gửi nếu không có chuyển biến: ${agencyName(by)} đã ghi nhận cấp ${level}`)
    .replace(/; held until then: (\S+) acknowledged level (\d+)/, (_, by, level) => `; được giữ đến lúc đó: ${agencyName(by)} đã ghi nhận cấp ${level}`)
    .replace(/; step (\d+) tells those that both name/, (_, step) => `; nấc ${step} báo chung cho nơi nhận trùng`);
}

const RULES: Record<string, string> = {
  'the end of a day': 'hết ngày: dời theo số ngày làm việc sau ngày tạm dừng, đến hết ngày tiếp tục',
  'a minute of working time': 'một phút trong giờ làm việc: dời theo giờ làm việc nằm trong thời gian tạm dừng',
  'a minute at which nobody works': 'một phút ngoài giờ làm việc: dời theo đồng hồ',
};
/* A deadline that is no day's end comes with its minute, which is the first that is too late. */
const lastly = (when: string): string => (when.includes(' ') ? `chậm nhất trước ${when}` : `chậm nhất hết ngày ${when}`);

const FORMS: [RegExp, (...parts: string[]) => string][] = [
  [/^(\S+): does not count; a period begins with the day after \(Civil Code 2015, art\. 147\)\.$/, (d) => `${d}: không tính; thời hạn bắt đầu từ ngày kế tiếp (Điều 147 Bộ luật Dân sự 2015).`],
  [/^(\S+) is a day off: a period that ends on one ends with the next working day \(Civil Code 2015, art\. 148\)\.$/, (d) => `${d} là ngày nghỉ: thời hạn kết thúc vào ngày làm việc tiếp theo (Điều 148 Bộ luật Dân sự 2015).`],
  [/^(\S+)(?: to (\S+))?: (.+), (?:counts as|count as) (\d+)(?: to (\d+))?\.$/, (d, e, sort, n, m) => `${d}${e ? ` – ${e}` : ''}: ${swap(sort, SORTS)}, ${m ? `tính là ngày thứ ${n} đến ${m}` : `tính là ngày thứ ${n}`}.`],
  [/^(\S+)(?: to (\S+))?: (.+), (?:does|do) not count\.$/, (d, e, sort) => `${d}${e ? ` – ${e}` : ''}: ${swap(sort, SORTS)}, không tính.`],
  [/^(\S+)(?: to (\S+))?: (.+), no working time\.$/, (d, e, sort) => `${d}${e ? ` – ${e}` : ''}: ${swap(sort, SORTS)}, không có giờ làm việc.`],
  [/^(\S+)(?: to (\S+))?: (.+), (.+); (.+) so far\.$/, (d, e, sort, hours, sum) => `${d}${e ? ` – ${e}` : ''}: ${swap(sort, SORTS)}, ${swap(hours, [[/ to /g, '–'], [/ and /g, ' và '], [/each/g, 'mỗi ngày'], ...UNITS])}; cộng ${swap(sum, UNITS)}.`],
  [/^And so on: (\d+) more days, (\d+) of them working days\.$/, (n, m) => `Và tiếp tục: ${n} ngày nữa, trong đó ${m} ngày làm việc.`],
  [/^And so on: (\d+) more days, in which (.+) are worked\.$/, (n, m) => `Và tiếp tục: ${n} ngày nữa, với ${swap(m, UNITS)} làm việc.`],
  [/^(\S+) at 24:00 the time is over: the last day in time\.$/, (d) => `Hết 24:00 ngày ${d} là hết hạn: đây là ngày cuối cùng đúng hạn.`],
  [/^(.+): the time is over; the first minute that is too late\.$/, (d) => `${d}: hết hạn; từ phút này là trễ.`],
  [/^(\S+) lies before (\S+); counted from there, it does not count\.$/, (d, e) => `${d} trước ${e}; tính từ đó thì không tính.`],
  [/^The deadline (.+) is (the end of a day|a minute of working time|a minute at which nobody works): .+\.$/, (d, rule) => `Hạn ${d} là ${RULES[rule]}.`],
  [/^It stood still for (.+): the deadline is (.+)\.$/, (by, d) => `Đã dừng ${swap(by, UNITS)}: hạn là ${d}.`],
  [/^(\S+)(?: to (\S+))?: ([^,]+(?:\(.*\))?)\.$/, (d, e, sort) => `${d}${e ? ` – ${e}` : ''}: ${swap(sort, SORTS)}.`],
  // how a date of a task came about
  [/^Its clock stood still for (.+) since: that puts it off to (.+)\.$/, (by, d) => `Từ đó đồng hồ đã dừng ${swap(by, UNITS)}: hạn lùi đến ${d}.`],
  [/^By the calendar of now the count comes to (.+); it stays (.+), as nobody is late by a calendar that changed\.$/, (d, e) => `Theo lịch hiện nay thì tính ra ${d}; hạn vẫn là ${e}, vì không ai bị trễ do lịch thay đổi.`],
  [/^(.+) was named as it stands(, and is a day off)?(; not all days off of then are decreed yet)?\.$/, (d, off, soft) => `${d} là ngày được nêu cụ thể${off ? ', là ngày nghỉ' : ''}${soft ? '; ngày nghỉ của thời gian đó chưa có đủ quyết định' : ''}.`],
  [/^(\S+), of which a value is owed, ends with (.+?); one that ends on a day off ends with the next working day \(Civil Code 2015, art\. 148\)\.$/, (p, d) => `Kỳ ${showPeriod(p)}, phải có số liệu, kết thúc hết ${d}; kỳ kết thúc vào ngày nghỉ thì tính đến ngày làm việc tiếp theo (Điều 148 Bộ luật Dân sự 2015).`],
  [/^Period (\d+) of (\w+) reports since (\S+) ends with (.+?); one that ends on a day off ends with the next working day \(Civil Code 2015, art\. 148\)\.$/, (n, every, from, d) => `Kỳ báo cáo ${of('period', every)} thứ ${n} từ ${from} kết thúc hết ${d}; kỳ kết thúc vào ngày nghỉ thì tính đến ngày làm việc tiếp theo (Điều 148 Bộ luật Dân sự 2015).`],
  [/^The policy gives so much time from (.+) on, or what is left of it once it stood still: to (.+)\.$/, (from, d) => `Chính sách cho thời gian tính từ ${from}, hoặc phần còn lại sau khi dừng: đến ${d}.`],
  [/^(\S+) at (\d\d:\d\d) the time is over: the last day in time\.$/, (d, time) => `${time} ngày ${d} là hết hạn: đây là ngày cuối cùng đúng hạn.`],
  // how its clocks stand
  [/^Suspended: no clock runs, and what is left of the time is kept(?:: the due date of now, (.+), moves on by as long as it stands still)?\.$/, (d) =>
    `Tạm dừng: đồng hồ không chạy, thời gian còn lại được giữ${d ? `; hạn hiện nay ${d} sẽ lùi bằng thời gian tạm dừng` : ''}.`],
  [/^The suspension ends with (\S+(?: \d\d:\d\d)?), and the clocks run on by themselves(?:; the work is then due by the end of (.+))?\.$/, (d, due) =>
    `Hết ${d} nhiệm vụ tự tiếp tục${due ? `; khi đó phải trình ${lastly(due)}` : ''}.`],
  [/^The value of (\S+) that was owed by the end of (.+) is missing\.$/, (p, d) => `Thiếu số liệu kỳ ${showPeriod(p)}, hạn ${d.includes(' ') ? d : `hết ngày ${d}`}.`],
  [/^The report that was owed by the end of (.+) is missing\.$/, (d) => `Thiếu báo cáo của kỳ đến hết ${d}.`],
  // what its ladder does next
  [/^Reminds (.*): step (\d+), (repeated, first )?((?:\d+ [\w ]+? (?:before|after)|on|at) the deadline of \w+)(.*)\.$/, (list, step, again, when, rest) => `Nhắc ${who(list)}: nấc ${step}, ${again ? 'lặp lại, lần đầu ' : ''}${span(when)}${tail(rest)}.`],
  [/^Notifies (.*): step (\d+), (repeated, first )?((?:\d+ [\w ]+? (?:before|after)|on|at) the deadline of \w+)(.*)\.$/, (list, step, again, when, rest) => `Thông báo quá hạn cho ${who(list)}: nấc ${step}, ${again ? 'lặp lại, lần đầu ' : ''}${span(when)}${tail(rest)}.`],
  [/^Escalates at level (\d+) to (.*): step (\d+), (repeated, first )?((?:\d+ [\w ]+? (?:before|after)|on|at) the deadline of \w+)(.*)\.$/, (level, list, step, again, when, rest) =>
    `Báo cáo vượt cấp ${level} tới ${who(list)}: nấc ${step}, ${again ? 'lặp lại, lần đầu ' : ''}${span(when)}${tail(rest)}.`],
];

const dates = (text: string): string => text.replace(/\b(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?\b/g, (_, day, time) => showDay(day) + (time ? ` ${time}` : ''));

/* null: of no known form. */
function translate(text: string): string | null {
  for (const [form, say] of FORMS) {
    const parts = form.exec(text);
    if (parts) return say(...parts.slice(1));
  }
  return null;
}
export const explained = (text: string): string => dates(inVietnamese() ? (translate(text) ?? text) : text);
