/* What will happen, said before a form is sent: the state, who is told, and the dates as the broker's calendar counts them. */
import type { ComponentChildren } from 'preact';
import { countOf, countedDay, deadlineWords, distance, distanceWords, useCount } from '../count';
import { dueDay, isoMinute, showDay, showDue, showLongDay, today } from '../dates';
import type { Fields } from '../draft';
import { explained } from '../explain';
import { agencyName, agencyNames } from '../names';
import { me, now } from '../session';
import { capital, effectOf, term } from '../terms';
import type { Explained, Policy, Task } from '../types';
import { t } from '../words';

export function Lines({ found }: { found: Explained }) {
  return (
    <details class="why">
      <summary>{t('why_date')}</summary>
      <ol>{found.lines.map((line, i) => <li key={i}>{explained(line.text)}</li>)}</ol>
    </details>
  );
}

/* The agencies that the table of actions has told, as the task stands. */
function toldOf(action: string, task: Task, fields: Fields): string[] {
  const by: Record<string, string[]> = {
    assigner: [task.assigner], lead: [task.lead], cooperating: task.cooperating ?? [], supervisor: task.supervisor ? [task.supervisor] : [], observer: task.observers ?? [],
    escalated: (task.escalations ?? []).filter((one) => !one.closed).flatMap((one) => one.to),
  };
  const more = action === 'reassign' ? fields.lead : action === 'escalate' ? fields.to : [];
  const all = (effectOf(action)?.told ?? []).flatMap((role) => by[role] ?? []);
  return [...new Set<string>([...all, ...more])].filter((one) => one && one !== me.get()?.agency);
}

export function Told({ agencies }: { agencies: string[] }) {
  return <li>{agencies.length ? t('then_told', { who: agencyNames(agencies) }) : t('then_nobody')}</li>;
}

function StateLine({ action, task }: { action: string; task: Task }) {
  const to = effectOf(action)?.to ?? 'stays';
  const next = to === 'resumes' ? (task.resumes_as ?? task.state) : to === 'stays' ? task.state : to;
  const show = (state: string): string => capital(term('state', state));
  return <li>{next === task.state ? t('then_stays', { from: show(task.state) }) : t('then_state', { from: show(task.state), to: show(next) })}</li>;
}

/* A date that the form gives, beside the one of before. */
function NewDue({ task, words }: { task: Task; words: string }) {
  const { found, error } = useCount(countOf(words, task.calendar));
  if (error) return <li class="warn">{error.message}</li>;
  if (!found) return <li>{t('counting')}</li>;
  const left = distanceWords(found.day, found.working_days), to = countedDay(words, found);
  return (
    <li>
      {task.due === undefined ? t('then_due', { day: to, left }) : t('then_due_moves', { from: showDue(task.due, task.due_day), to, left })}
      {found.day < today() && <strong class="warn"> {t('due_passed')}</strong>} {task.policy && t('then_ladder')}
      <Lines found={found} />
    </li>
  );
}

function DueLine({ task }: { task: Task }) {
  const { found } = useCount(distance(task));
  if (task.due === undefined) return <li>{t('then_no_due')}</li>;
  const day = task.due_day ?? dueDay(task.due);
  return <li>{t('then_due', { day: showLongDay(day), left: found ? distanceWords(day, found.working_days) : t('counting') })}</li>;
}

function InTime({ task }: { task: Task }) {
  const { found } = useCount(distance(task));
  if (task.due === undefined) return null;
  const day = showDue(task.due, task.due_day);
  if (now() < task.due) return <li>{t('then_in_time', { day })}</li>;
  return <li class="warn">{found ? t('then_late', { n: found.working_days, day }) : t('counting')}</li>;
}

function Resumed({ task }: { task: Task }) {
  const { found } = useCount(task.due === undefined || !task.suspended ? null
    : { from: deadlineWords(task.due), suspended: isoMinute(task.suspended), resumed: isoMinute(now()), calendar: task.calendar });
  if (task.due === undefined) return null;
  if (!found) return <li>{t('counting')}</li>;
  return <li>{t('then_due_moves', { from: showDue(task.due, task.due_day), to: found.due !== undefined ? showDue(found.due) : showDay(found.day), left: distanceWords(found.day, found.working_days) })}<Lines found={found} /></li>;
}

function Held({ task, policy }: { task: Task; policy: Policy | null }) {
  const days = policy?.acknowledged_for ?? 3;
  const { found } = useCount(days ? { from: today(), add: `${days}wd`, calendar: task.calendar } : null);
  if (!days) return <li>{t('then_not_held')}</li>;
  return <li>{found ? t('then_held', { day: showDay(found.day) }) : t('counting')}</li>;
}

export function Consequence({ action, task, fields, policy }: { action: string; task: Task; fields: Fields; policy: Policy | null }) {
  const lines: Record<string, () => ComponentChildren> = {
    accept: () => <DueLine task={task} />,
    start: () => <DueLine task={task} />,
    report: () => <DueLine task={task} />,
    submit: () => <InTime task={task} />,
    confirm: () => <li>{t('then_closes')}</li>,
    cancel: () => <li>{t('then_closes')}</li>,
    reject: () => (task.due === undefined ? null : <li>{t('then_back', { day: showDue(task.due, task.due_day) })}</li>),
    suspend: () => <li>{t('then_stands')}</li>,
    resume: () => <Resumed task={task} />,
    acknowledge: () => <Held task={task} policy={policy} />,
    amend: () => fields.due && <NewDue task={task} words={fields.due} />,
    reassign: () => (fields.due ? <NewDue task={task} words={fields.due} /> : task.due !== undefined && <li>{t('then_due_stays', { day: showDue(task.due, task.due_day) })}</li>),
  };
  const user = me.get();
  return (
    <section class="consequence" aria-live="polite">
      <h3>{t('will_happen')}</h3>
      <ul>
        <StateLine action={action} task={task} />
        {lines[action]?.()}
        <Told agencies={toldOf(action, task, fields)} />
        {user && <li>{t('as_officer', { officer: user.officer || user.user, agency: agencyName(user.agency) })}</li>}
      </ul>
    </section>
  );
}
