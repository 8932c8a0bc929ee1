/* The report to print: the sentence, the agencies, and the tasks that are late, due or escalated, on the agency's paper. */
import { readAll, readOverview } from '../api';
import { showDayOf, showDue, showMoment } from '../dates';
import { useLoad } from '../load';
import { agencyName, agencyNames } from '../names';
import { Title, When } from '../parts/common';
import { me } from '../session';
import { doneOf, standingsOf, totalOf } from '../tally';
import { capital, OPEN_STATES, term } from '../terms';
import type { Course, OpenEscalation, Overview, Task } from '../types';
import { t } from '../words';
import { AgencyTable, Levels } from './overview';

const LISTED_MAX = 1000; // of each list: a report of more is a book, and the lists export

interface Lists { overdue: Task[]; week: Task[]; escalated: OpenEscalation[]; targets: Course[] }

async function gather(weekEnd: number): Promise<Lists> {
  const byDue = (a: Task, b: Task): number => (a.due ?? 0) - (b.due ?? 0) || a.task - b.task;
  const [overdue, week, escalated, targets] = await Promise.all([
    readAll<Task>('task_list', 'tasks', { timeliness: ['overdue'] }, LISTED_MAX),
    readAll<Task>('task_list', 'tasks', { states: OPEN_STATES, timeliness: ['on_time', 'due_soon'], due_before: weekEnd }, LISTED_MAX),
    readAll<OpenEscalation>('escalation_list', 'escalations', {}, LISTED_MAX),
    readAll<Course>('target_list', 'targets', {}), // counted, not listed: all of them
  ]);
  return { overdue: overdue.items.sort(byDue), week: week.items.sort(byDue), escalated: escalated.items, targets: targets.items };
}

function Tasks({ tasks, label }: { tasks: Task[]; label: string }) {
  if (!tasks.length) return <p class="quiet">{t('nothing')}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}><table class="list printed">
      <thead><tr><th scope="col">{t('number')}</th><th scope="col">{t('reference')}</th><th scope="col">{t('title')}</th><th scope="col">{t('lead')}</th><th scope="col">{t('due')}</th><th scope="col">{t('state')}</th></tr></thead>
      <tbody>{tasks.map((task, i) => <tr key={task.task}><td>{i + 1}</td><td class="keep">{task.reference}</td><td class="wide">{task.title}</td><td>{agencyName(task.lead)}</td><td class="keep">{showDue(task.due, task.due_day)}</td><td>{capital(term('state', task.state))}{task.percent !== undefined ? `, ${task.percent}%` : ''}</td></tr>)}</tbody>
    </table></div>
  );
}

function Targets({ targets, now }: { targets: Course[]; now: number }) {
  const counts = standingsOf(targets, now);
  return counts && <p class="sentence targets">{t('report_targets', { ...counts })}</p>;
}

/* The numbers are asked again by themselves while newer ones are counted; the lists are not read again with them. */
function Paper({ overview }: { overview: Overview }) {
  const loaded = useLoad(() => gather(overview.due_week_end), `report:${overview.due_week_end}`), total = totalOf(overview);
  return (
    <When loaded={loaded}>{({ overdue, week, escalated, targets }) => (
      <article class="paper">
        <header><p class="issuer">{agencyName(overview.agency)}</p><h2>{t('report_title')}</h2><p>{t('as_of', { when: showMoment(overview.time) })}</p></header>
        <p class="sentence">{t('report_sentence', { all: total.assigned, done: doneOf(total), submitted: total.submitted, on_time: total.on_time, late: total.late, open: total.open, overdue: total.overdue, week: total.due_week, escalated: total.open_escalations })}</p>
        <Targets targets={targets} now={overview.time} />
        <h3>I. {t('all_agencies')}</h3><AgencyTable overview={overview} plain />
        <h3>II. {t('report_overdue')} ({overdue.length})</h3><Tasks tasks={overdue} label={t('report_overdue')} />
        <h3>III. {t('report_week')} ({week.length})</h3><Tasks tasks={week} label={t('report_week')} />
        <h3>IV. {t('report_escalated')} ({escalated.length})</h3>
        {escalated.length > 0 && (
          <div class="scroll" tabIndex={0} role="region" aria-label={t('report_escalated')}><table class="list printed"><thead><tr><th scope="col">{t('number')}</th><th scope="col">{t('reference')}</th><th scope="col">{t('title')}</th><th scope="col">{t('lead')}</th><th scope="col">{t('escalate_level')}</th><th scope="col">{t('escalate_to')}</th><th scope="col">{t('opened')}</th></tr></thead>
            <tbody>{escalated.map((one, i) => <tr key={one.escalation.escalation}><td>{i + 1}</td><td class="keep">{one.reference}</td><td class="wide">{one.title}</td><td>{agencyName(one.lead)}</td><td>{one.escalation.level}</td><td>{agencyNames(one.escalation.to)}</td><td class="keep">{showDayOf(one.escalation.opened)}</td></tr>)}</tbody></table></div>
        )}
        <h3>V. {t('by_level')}</h3><Levels overview={overview} plain />
        <footer class="signatures"><div><b>{t('made_by')}</b><i>{t('signature')}</i><span>{me.get()?.officer}</span></div><div><b>{t('approved_by')}</b><i>{t('signature')}</i></div></footer>
      </article>
    )}</When>
  );
}

export function ReportPage() {
  const loaded = useLoad(readOverview, 'overview');
  return (
    <div class="report">
      <Title aside={<button type="button" class="main no-print" onClick={() => window.print()}>{t('print')}</button>}>{t('report_page')}</Title>
      <When loaded={loaded}>{(overview) => <Paper overview={overview} />}</When>
    </div>
  );
}
