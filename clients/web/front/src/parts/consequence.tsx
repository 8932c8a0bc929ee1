/* What will happen, said before a form is sent: the state, who is told, and the dates as the broker's calendar counts them. */
import type { ComponentChildren } from 'preact';
import { askedOf } from '../acts';
import { countOf, countedDay, deadlineWords, distance, distanceWords, useCount } from '../count';
import { dueDay, isoMinute, showDay, showDue, showLongDay, today } from '../dates';
import type { Fields } from '../draft';
import { explained } from '../explain';
import { agencyName, agencyNames } from '../names';
import { owingTo } from '../opinions';
import { askable, deciderOf, openAsks, wishWords } from '../requests';
import { me, now } from '../session';
import { capital, effectOf, term } from '../terms';
import type { Trial } from '../trial';
import type { Line, Policy, Task } from '../types';
import { refusal, t } from '../words';

export function Lines({ found }: { found: { lines: Line[] } }) {
  return (
    <details class="why">
      <summary>{t('why_date')}</summary>
      <ol>{found.lines.map((line, i) => <li key={i}>{explained(line.text)}</li>)}</ol>
    </details>
  );
}

/* The agencies that the table of actions has told, as the task stands. */
function toldOf(action: string, task: Task, fields: Fields, policy: Policy | null): string[] {
  const by: Record<string, string[]> = {
    assigner: [task.assigner], lead: [task.lead], cooperating: task.cooperating ?? [], supervisor: task.supervisor ? [task.supervisor] : [], observer: task.observers ?? [],
    escalated: (task.escalations ?? []).filter((one) => !one.closed).flatMap((one) => one.to),
    consulted: (task.opinions ?? []).filter((one) => one.ended === undefined).map((one) => one.agency),
    decider: action === 'ask' ? [deciderOf(task, fields.asking, policy)] : openAsks(task).map((one) => one.decider),
  };
  const more = action === 'reassign' ? fields.lead : action === 'escalate' ? fields.to : action === 'grant' ? [newLead(task, fields)] : action === 'consult' ? fields.agencies
    : action === 'recall' ? owingTo(task, Number(fields.question)).map((one) => one.agency).filter((one) => !fields.of || fields.of === one) : [];
  const all = (effectOf(action)?.told ?? []).flatMap((role) => by[role] ?? []);
  return [...new Set<string>([...all, ...more])].filter((one) => one && one !== me.get()?.agency);
}

/* Who leads the task once a return or transfer is granted. */
function newLead(task: Task, fields: Fields): string {
  const asked = askedOf(task, fields);
  return asked?.asking === 'transfer' || asked?.asking === 'return' ? (fields.lead[0] ?? asked.wanted.lead ?? task.assigner) : '';
}

/* Whether the broker would take it. */
export function Tried({ trial }: { trial: Trial }) {
  if (trial.error) return <li class="warn">{t('then_refused', { why: refusal(trial.error.name, trial.error.message) })}</li>;
  return trial.reply && <li class="tried">{t('then_tried')}</li>;
}

export function Told({ agencies }: { agencies: string[] }) {
  return <li>{agencies.length ? t('then_told', { who: agencyNames(agencies) }) : t('then_nobody')}</li>;
}

/* What the table of actions says; of a grant it depends on what is granted. */
function stateAfter(action: string, task: Task, fields: Fields): string {
  const granted: Record<string, string> = { return: 'assigned', transfer: 'assigned', suspension: 'suspended', withdrawal: 'in_progress' };
  if (action === 'accept' && task.kind === 'circular') return 'completed'; // it has been read
  return (action === 'grant' && granted[askedOf(task, fields)?.asking ?? '']) || (effectOf(action)?.to ?? 'stays');
}

function StateLine({ action, task, fields }: { action: string; task: Task; fields: Fields }) {
  const to = stateAfter(action, task, fields);
  const next = to === 'resumes' ? (task.resumes_as ?? task.state) : to === 'stays' ? task.state : to;
  const show = (state: string): string => capital(term('state', state));
  return <li>{next === task.state ? t('then_stays', { from: show(task.state) }) : t('then_state', { from: show(task.state), to: show(next) })}</li>;
}

/* A date that the form gives, beside the one of before. */
function NewDue({ task, words }: { task: Task; words: string }) {
  const { found, error } = useCount(countOf(words, task.calendar));
  if (error) return <li class="warn">{refusal(error.name, error.message)}</li>;
  if (!found) return <li>{t('counting')}</li>;
  const left = distanceWords(found.day, found.working_days), to = countedDay(words, found);
  return (
    <li>
      {task.due === undefined ? t('then_due', { day: to, left }) : t('then_due_moves', { from: showDue(task.due, task.due_day), to, left })}
      {found.day < today() && <strong class="warn"> {t('due_passed')}</strong>}{task.policy && ` · ${t('then_ladder')}`}
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

/* Who decides what is asked, and by when where the policy says so. Meanwhile nothing changes. */
function Decided({ task, fields, policy }: { task: Task; fields: Fields; policy: Policy | null }) {
  const unit = { working_days: 'wd', calendar_days: 'd', working_hours: 'wh' }[policy?.decide_unit ?? 'working_days'];
  const words = policy?.decide_within && unit ? `${policy.decide_within}${unit}` : '';
  const { found } = useCount(words ? countOf(words, task.calendar) : null), who = agencyName(deciderOf(task, fields.asking, policy));
  return (
    <>
      <li>{!words ? t('then_decides', { who }) : found ? t('then_decides_by', { who, day: countedDay(words, found) }) : t('counting')}</li>
      <li>{t('then_meanwhile')}</li>
    </>
  );
}

/* The date that is asked for, beside the one that holds until it is granted. */
function Wanted({ task, words }: { task: Task; words: string }) {
  const { found, error } = useCount(countOf(words, task.calendar));
  if (error) return <li class="warn">{refusal(error.name, error.message)}</li>;
  if (!found) return <li>{t('counting')}</li>;
  return <li>{t('then_wanted', { from: task.due === undefined ? '' : showDue(task.due, task.due_day), to: countedDay(words, found) })}<Lines found={found} /></li>;
}

/* What a grant gives: what was asked for, or what the form says instead. */
function Granted({ task, fields }: { task: Task; fields: Fields }) {
  const asked = askedOf(task, fields);
  if (!asked) return null;
  const lead = newLead(task, fields);
  return (
    <>
      <li>{t('then_asked', { who: agencyName(asked.by), what: wishWords(asked.asking, asked.wanted) })}{asked.reason && <>: <q>{asked.reason}</q></>}</li>
      {lead && <li>{t('then_lead', { from: agencyName(task.lead), to: agencyName(lead) })}</li>}
      {asked.asking === 'extension' ? <NewDue task={task} words={fields.due || asked.wanted.due_day || ''} />
        : lead && (fields.due ? <NewDue task={task} words={fields.due} /> : task.due !== undefined && <li>{t('then_due_stays', { day: showDue(task.due, task.due_day) })}</li>)}
      {asked.asking === 'suspension' && <><li>{t('then_stands')}</li><Until task={task} words={fields.until || asked.wanted.until_day || ''} /></>}
    </>
  );
}

/* When the clocks run on by themselves. */
function Until({ task, words }: { task: Task; words: string }) {
  const { found, error } = useCount(countOf(words, task.calendar));
  if (!words) return <li>{t('then_until_resumed')}</li>;
  if (error) return <li class="warn">{refusal(error.name, error.message)}</li>;
  return <li>{found ? <>{t('then_until', { day: countedDay(words, found) })}<Lines found={found} /></> : t('counting')}</li>;
}

/* What is asked, and by when an opinion is owed. */
function Consulted({ task, words }: { task: Task; words: string }) {
  const { found, error } = useCount(countOf(words, task.calendar));
  return (
    <>
      {words && <li class={error ? 'warn' : ''}>{error ? refusal(error.name, error.message) : found ? t('then_opinion_due', { day: countedDay(words, found), left: distanceWords(found.day, found.working_days) }) : t('counting')}{found && <Lines found={found} />}</li>}
      <li>{t('then_lead_goes_on')}</li>
    </>
  );
}

function Opined({ task, fields }: { task: Task; fields: Fields }) {
  const question = (task.questions ?? []).find((one) => one.question === Number(fields.question));
  if (!question) return null;
  return (
    <>
      <li>{t('then_was_asked', { who: agencyName(question.by), day: showDue(question.due, question.due_day) })}{question.note && <>: <q>{question.note}</q></>}</li>
      {question.due <= now() && <li class="warn">{t('then_opinion_late')}</li>}
    </>
  );
}

function Other({ task, fields }: { task: Task; fields: Fields }) {
  const asked = askedOf(task, fields);
  return <>{asked && <li>{t('then_asked', { who: agencyName(asked.by), what: wishWords(asked.asking, asked.wanted) })}{asked.reason && <>: <q>{asked.reason}</q></>}</li>}<li>{t('then_as_before')}</li></>;
}

/* `name`: the agency in whose name it is done, where that is another's: it hears of it. */
export function Consequence({ action, task, fields, policy, trial, name }: { action: string; task: Task; fields: Fields; policy: Policy | null; trial: Trial; name?: string }) {
  const lines: Record<string, () => ComponentChildren> = {
    accept: () => (task.kind === 'circular' ? <li>{t('then_read')}</li> : <DueLine task={task} />),
    consult: () => <Consulted task={task} words={fields.due} />,
    opine: () => <Opined task={task} fields={fields} />,
    recall: () => <li>{t('then_recalled')}</li>,
    start: () => <DueLine task={task} />,
    report: () => <DueLine task={task} />,
    submit: () => <InTime task={task} />,
    confirm: () => <li>{t('then_closes')}</li>,
    cancel: () => <li>{t('then_closes')}</li>,
    reject: () => (task.due === undefined ? null : <li>{t('then_back', { day: showDue(task.due, task.due_day) })}</li>),
    suspend: () => <><li>{t('then_stands')}</li><Until task={task} words={fields.until} /></>,
    ask: () => askable(task).includes(fields.asking) && <>{fields.asking === 'extension' && fields.due && <Wanted task={task} words={fields.due} />}{fields.asking === 'suspension' && fields.until && <Until task={task} words={fields.until} />}<Decided task={task} fields={fields} policy={policy} /></>,
    grant: () => <Granted task={task} fields={fields} />,
    deny: () => <Other task={task} fields={fields} />,
    take_back: () => <Other task={task} fields={fields} />,
    answer: () => <><li>{t('then_answered')}</li>{fields.answer === 'passed_on' && fields.passed_to[0] && <li>{t('then_passed_on', { who: agencyName(fields.passed_to[0]) })}</li>}</>,
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
        <StateLine action={action} task={task} fields={fields} />
        {lines[action]?.()}
        <Told agencies={[...new Set([...toldOf(action, task, fields, policy), ...(name ? [name] : [])])]} />
        {user && <li>{t('as_officer', { officer: user.officer || user.user, agency: agencyName(user.agency) })}{name && ` ${t('as_stand_in', { who: agencyName(name) })}`}</li>}
        <Tried trial={trial} />
      </ul>
    </section>
  );
}
