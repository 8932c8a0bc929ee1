/* What waits for this agency, and for each the act that it waits for, one click away. */
import { readAll } from '../api';
import { showDay, showDue, showDayOf } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName } from '../names';
import { Due, How, InName, Progress, State, Title, When } from '../parts/common';
import { toOpine, type Owed } from '../opinions';
import { lackingWords, showPeriod } from '../periods';
import { openAsks, toDecide, wishWords, type Request } from '../requests';
import { Link } from '../router';
import { mayAct, me, now } from '../session';
import { inEachName, isToWait, markedIn, mayDoIn, placeOf, type Name } from '../standing';
import { actName, capital, term } from '../terms';
import type { Escalation, OpenEscalation, Task } from '../types';
import { t, type Word } from '../words';

const SHOWN_MAX = 200; // of each sort: nobody reads further, and the list behind it holds them all

interface Waiting { task: Task; act: string; why: string }
export interface InboxData { escalations: OpenEscalation[]; requests: Request[]; opine: Owed[]; read: Task[]; accept: Task[]; work: Task[]; reply: Task[]; decide: Task[]; answer: Waiting[] }

const waits = (task: Task): boolean => task.state === 'assigned';
const byDue = (a: { due?: number; task: number }, b: { due?: number; task: number }): number => (a.due ?? Infinity) - (b.due ?? Infinity) || a.task - b.task;

/* As `coordctl inbox` has it, and besides: what a supervisor may decide, escalations, comments that nobody answered. In the name of another agency each
 * task says so; what who asks answers for itself, it does not do in that name. */
async function readInName(agency: string, name: Name): Promise<InboxData> {
  const mark = markedIn(name), mayDo = mayDoIn(name);
  const list = async (roles: string[], states: string[]): Promise<Task[]> => (await readAll<Task>('task_list', 'tasks', { agency, roles, states, ...name }, 5000)).items.filter(mayDo).map(mark);
  const [leads, decide, watched, escalations, asked, opine] = await Promise.all([
    list(['lead'], ['assigned', 'accepted', 'in_progress']), list(['assigner', 'supervisor'], ['submitted']),
    list(['assigner', 'supervisor'], ['assigned', 'accepted', 'in_progress', 'suspended']),
    readAll<OpenEscalation>('escalation_list', 'escalations', { mine: true, ...name }, 5000), toDecide(agency, false, name), toOpine(agency, name),
  ]);
  const recommends = (task: Task): boolean => task.kind === 'recommendation', circulates = (task: Task): boolean => task.kind === 'circular' && waits(task);
  const answer = [
    ...leads.filter((task) => task.lead_unanswered).map((task) => ({ task, act: 'comment', why: task.other_note && (task.other_note_time ?? 0) > (task.assigner_note_time ?? 0) ? task.other_note : (task.assigner_note ?? '') })),
    ...watched.filter((task) => task.assigner_unanswered).map((task) => ({ task, act: 'comment', why: task.other_note && (task.other_note_time ?? 0) > (task.note_time ?? 0) ? task.other_note : (task.note ?? '') })),
  ];
  return {
    escalations: escalations.items.filter(mayDo).map(mark), requests: asked.filter((one) => one.asked.decider === agency && mayDo(one.task)).map((one) => ({ ...one, task: mark(one.task) })), opine: opine.filter((one) => mayDo(one.task)).map((one) => ({ ...one, task: mark(one.task) })),
    read: leads.filter(circulates), accept: leads.filter((task) => waits(task) && !recommends(task) && !circulates(task)), work: leads.filter((task) => !waits(task) && !recommends(task)), reply: leads.filter(recommends), decide, answer,
  };
}
export async function readInbox(): Promise<InboxData> {
  const each = await inEachName(readInName);
  const tasks = (of: (one: InboxData) => Task[]): Task[] => each.flatMap(of).sort(byDue);
  return {
    escalations: each.flatMap((one) => one.escalations).sort((a, b) => b.escalation.level - a.escalation.level || a.escalation.opened - b.escalation.opened), requests: each.flatMap((one) => one.requests), opine: each.flatMap((one) => one.opine),
    read: tasks((one) => one.read), accept: tasks((one) => one.accept), work: tasks((one) => one.work), reply: tasks((one) => one.reply), decide: tasks((one) => one.decide), answer: each.flatMap((one) => one.answer),
  };
}
export const countInbox = (inbox: InboxData): number => inbox.escalations.length + inbox.requests.length + inbox.opine.length + inbox.read.length + inbox.accept.length + inbox.reply.length + inbox.decide.length + inbox.answer.length + inbox.work.length;

function Group({ word, count, all, children }: { word: Word; count: number; all?: string; children: preact.ComponentChildren }) {
  if (!count) return null;
  return (
    <section class={`group group-${word}`}>
      <h2>{t(word)} <span class="count">{count}</span></h2>
      <ul class="waiting-list">{children}</ul>
      {count > SHOWN_MAX && <p class="quiet">{t('shown_first', { n: SHOWN_MAX })} {all && <Link to={all}>{t('show_all')}</Link>}</p>}
    </section>
  );
}

/* `about`: which request or question of the lead the acts are about, as the address says it. */
function Item({ task, acts, from, why, about = '' }: { task: Task; acts: string[]; from?: string; why?: preact.ComponentChildren; about?: string }) {
  return (
    <li class={`item row-${task.timeliness}`}>
      <div class="what">
        <p><Link to={placeOf(task)}>{task.reference}</Link> <Link class="plain-link" to={placeOf(task)} tabIndex={-1}>{task.title}</Link></p>
        <p class="quiet"><InName of={task} />{from && <><AgencyName id={from} /> · </>}<Due task={task} /> <How of={task.timeliness} /> {task.state === 'in_progress' && <Progress task={task} />} {why}</p>
      </div>
      {mayAct() && <div class="do">{acts.map((act, i) => <Link key={act} class={`button small${i === 0 ? ' main' : ''}`} to={placeOf(task, `act=${act}${about}`)} aria-label={`${actName(act, task)} ${task.reference}`}>{actName(act, task)}</Link>)}</div>}
    </li>
  );
}

/* Which deadline a policy raised it for, or that it was passed on too often: the broker's sentence says so in one of six ways. */
function missedOf({ by, reason }: Escalation): string {
  const found = by ? undefined : ([[/ was to accept /, 'missed_accept'], [/ was to report /, 'missed_report'], [/ was due /, 'missed_due'], [/ was to decide /, 'missed_decide'], [/ was to answer /, 'missed_answer'], [/ was passed on /, 'passed_about']] as const).find(([said]) => said.test(reason ?? ''));
  return found ? `${t(found[1])} · ` : '';
}

function whyWork(task: Task) {
  return (
    <>
      {task.rejection && <span class="warn">{t('sent_back', { why: task.rejection })} </span>}
      {openAsks(task).map((one) => <span key={one.ask} class="asked">{t('waits_for', { what: wishWords(one.asking, one.wanted), who: agencyName(one.decider) })} </span>)}
      {lackingWords(task) && <span class="warn">{lackingWords(task)} </span>}
      {task.report_due !== undefined && <span>{task.value_owed ? t('value_owed', { period: showPeriod(task.value_owed), day: showDue(task.report_due) }) : t('report_owed', { day: showDue(task.report_due) })}</span>}
    </>
  );
}

export function InboxPage() {
  const loaded = useLoad(readInbox, 'inbox');
  const agency = me.get()?.agency ?? '', base = `/tasks?agency=${agency}&role=lead&state=`;
  return (
    <>
      <Title sub={agencyName(agency)} aside={mayAct() && <Link class="button main" to="/assign">{t('assign_task')}</Link>}>{t('inbox')}</Title>
      <When loaded={loaded}>{(inbox) => (
        <>
          {countInbox(inbox) === 0 && <p class="empty">{t('inbox_empty')}</p>}
          <Group word="to_acknowledge" count={inbox.escalations.length} all="/escalations?mine=1">
            {inbox.escalations.slice(0, SHOWN_MAX).map((one) => (
              <li key={`${one.escalation.escalation} ${one.stands_in_for ?? ''}`} class="item row-overdue">
                <div class="what"><p><Link to={placeOf(one)}>{one.reference}</Link> <Link class="plain-link" to={placeOf(one)} tabIndex={-1}>{one.title}</Link></p>
                  <p class="quiet"><InName of={one} /><AgencyName id={one.lead} /> · {t('due')} {showDay(one.due_day)} · <strong>{t('level', { n: one.escalation.level })}</strong> · {missedOf(one.escalation)}{t('open_since', { when: showDayOf(one.escalation.opened) })} · <State of={one.state} /></p>
                  {one.escalation.by && <p class="quiet"><AgencyName id={one.escalation.by} />: <q>{one.escalation.reason}</q></p>}</div>
                {mayAct() && <div class="do"><Link class="button small main" to={placeOf(one, `act=acknowledge&escalation=${one.escalation.escalation}`)} aria-label={`${capital(term('action', 'acknowledge'))} ${one.reference}, ${t('level', { n: one.escalation.level })}, ${t('open_since', { when: showDayOf(one.escalation.opened) })}`}>{capital(term('action', 'acknowledge'))}</Link></div>}
              </li>
            ))}
          </Group>
          <Group word="to_grant" count={inbox.requests.length} all="/requests?which=mine">
            {inbox.requests.slice(0, SHOWN_MAX).map(({ task, asked }) => <Item key={asked.ask} task={task} acts={isToWait(task, asked.decider) ? [] : ['grant', 'deny']} about={`&ask=${asked.ask}`} from={asked.by} why={<>{isToWait(task, asked.decider) && <span class="asked"> {t('decides_later', { by: agencyName(asked.decider), who: agencyName(task.lead) })}</span>}<br /><strong>{capital(wishWords(asked.asking, asked.wanted))}</strong>{asked.decide_due !== undefined && ` · ${t('decide_due')} ${showDue(asked.decide_due)}`} <q>{asked.reason}</q></>} />)}
          </Group>
          <Group word="to_opine" count={inbox.opine.length}>
            {inbox.opine.slice(0, SHOWN_MAX).map(({ task, question }) => <Item key={question.question} task={task} acts={['opine']} about={`&question=${question.question}`} from={question.by}
              why={<><span class={question.due <= now() ? 'due-overdue' : ''}>{t('opinion_by', { day: showDue(question.due, question.due_day) })}</span> <q>{question.note}</q></>} />)}
          </Group>
          <Group word="to_read" count={inbox.read.length} all={`${base}assigned&kind=circular`}>
            {inbox.read.slice(0, SHOWN_MAX).map((task) => <Item key={task.task} task={task} acts={['accept']} from={task.assigner} />)}
          </Group>
          <Group word="to_accept" count={inbox.accept.length} all={`${base}assigned`}>
            {inbox.accept.slice(0, SHOWN_MAX).map((task) => <Item key={task.task} task={task} acts={['accept']} from={task.assigner} why={<>{task.accept_due !== undefined && <span>{t('accept_by', { day: showDue(task.accept_due) })} </span>}{whyWork({ ...task, report_due: undefined, value_missing: undefined, values_missing: undefined })}</>} />)}
          </Group>
          <Group word="to_decide" count={inbox.decide.length} all="/tasks?state=submitted">
            {inbox.decide.slice(0, SHOWN_MAX).map((task) => <Item key={task.task} task={task} acts={['confirm', 'reject']} from={task.lead} why={t('submitted_on', { day: showDayOf(task.submitted) })} />)}
          </Group>
          <Group word="to_reply" count={inbox.reply.length} all={`${base}assigned,accepted,in_progress&kind=recommendation`}>
            {inbox.reply.slice(0, SHOWN_MAX).map((task) => <Item key={task.task} task={task} acts={waits(task) ? ['answer', 'accept'] : ['answer']} from={task.assigner} why={whyWork(task)} />)}
          </Group>
          <Group word="to_answer" count={inbox.answer.length}>
            {inbox.answer.slice(0, SHOWN_MAX).map(({ task, act, why }) => <Item key={task.task} task={task} acts={[act]} from={task.assigner === (task.stands_in_for ?? agency) ? task.lead : task.assigner} why={<q>{why}</q>} />)}
          </Group>
          <Group word="to_work" count={inbox.work.length} all={`${base}accepted,in_progress`}>
            {inbox.work.slice(0, SHOWN_MAX).map((task) => <Item key={task.task} task={task} acts={['report', 'submit']} from={task.assigner} why={whyWork(task)} />)}
          </Group>
        </>
      )}</When>
    </>
  );
}
