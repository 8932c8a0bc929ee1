/* The dates of a task: each with how it came about, what moved it, and each of its days; and its ladder: which steps fired, and which will, when and
 * to whom. How things stand is what `task_explain` says; what was done about it are the records of the task's history. */
import { distance, distanceWords, useCount } from '../count';
import { dueDay, showDay, showDayOf, showDue, showLongDay, showMoment } from '../dates';
import { explained } from '../explain';
import { agencyName, agencyNames } from '../names';
import { wishWords } from '../requests';
import { capital, term } from '../terms';
import type { Climb, Dated, Rec, Task, TaskDates, Turn } from '../types';
import { t } from '../words';
import { How } from './common';
import { Lines } from './consequence';
import { showWorked } from './custody';
import { countWords } from './duefield';
import { deed } from './history';

const completionOf = (dates: TaskDates): Dated | undefined => dates.dates?.find((one) => one.deadline === 'completion');

/* ---- beside the task: when it is due ---- */

/* `dates` are still on their way, or cannot be had, when null. */
export function DueFact({ task, dates }: { task: Task; dates: TaskDates | null }) {
  const due = dates && completionOf(dates), { found } = useCount(due ? distance(task) : null);
  if (!due) return <p class="quiet">{task.due === undefined ? t('no_due') : showDue(task.due, task.due_day)}</p>; // with no calendar nothing is explained
  const day = due.due_day ?? dueDay(due.due), minute = showDue(due.due, day).slice(showDay(day).length), until = dates?.dates?.find((one) => one.suspension);
  return (
    <div class="duefact">
      <p><strong class={`due-${task.timeliness}`}>{showLongDay(day)}{minute}</strong> <How of={task.timeliness} />{due.runs && found && <span class="left"> {distanceWords(day, found.working_days)}</span>}</p>
      {until && <p>{t('then_until', { day: showDue(until.due, until.due_day) })}</p>}
      {due.first !== undefined && <p class="quiet">{t('original_due')}: {showDue(due.first, due.first_day)}</p>}
      <p class="no-print"><a href="#dates">{t('why_date')}</a></p>
    </div>
  );
}

/* ---- each date ---- */

/* Which it is: of a request or a question also which of them. */
function nameOf(dated: Dated, task: Task): string {
  if (dated.suspension) return t('d_suspension');
  if (dated.question !== undefined) return t('d_question');
  const asked = task.asks?.find((one) => one.ask === dated.ask);
  if (dated.deadline === 'decision') return asked ? t('d_decision_on', { what: wishWords(asked.asking, asked.wanted) }) : t('d_decision');
  if (dated.deadline === 'completion') return t(task.kind === 'recommendation' ? 'd_answer' : 'd_completion');
  return t(dated.deadline === 'acceptance' ? 'd_acceptance' : 'd_report');
}

/* Why its clock does not run: it is met, or over, or it stands still. */
function stillWords(dated: Dated, task: Task): string {
  if (task.state === 'suspended' || (task.state === 'assigned' && dated.deadline !== 'decision')) return t('stands_still');
  if (dated.deadline === 'decision') return t('waits_its_turn');
  return dated.deadline === 'acceptance' && task.state !== 'cancelled' ? t('accepted_then') : term('state', task.state);
}

/* By which rule: as a count, and from when; in which round its ladder is. */
function ruleOf(dated: Dated, task: Task): string {
  const { counted } = dated, at = counted && showMoment(counted.from);
  return [
    counted && (counted.period === undefined ? `${t('counted_as', { words: countWords(counted.words) })} ${at}` : t('counted_periods', { words: term('period', counted.words), from: showDayOf(counted.from) })),
    dated.first !== undefined && `${t('original_due')}: ${showDue(dated.first, dated.first_day)}`,
    dated.round !== undefined && t('round_of', { n: dated.round, from: dated.round_since === undefined ? '' : showMoment(dated.round_since) }), !dated.runs && stillWords(dated, task),
  ].filter(Boolean).join(' · ');
}

/* The records that gave the task another due date, the oldest first; of a history that is not all here, those that are. */
function movesOf(records: Rec[], more: boolean): { record: Rec; from?: Rec }[] {
  const known = records.filter((one) => one.record !== 'removed').sort((a, b) => a.seq - b.seq); // who is off the task is told nothing of its dates
  return known.flatMap((record, i) => {
    const from = known[i - 1];
    return (i === 0 && more) || (from?.due ?? 0) === (record.due ?? 0) ? [] : [{ record, from }];
  });
}

function Moves({ records, more }: { records: Rec[]; more: boolean }) {
  const moves = movesOf(records, more), show = (one: Rec): string => (one.due === undefined ? t('no_due').toLowerCase() : showDue(one.due, one.due_day));
  return (
    <ol class="moves">
      {moves.map(({ record, from }) => (
        <li key={record.seq} data-record={record.seq}><time dateTime={new Date(record.time).toISOString()}>{showMoment(record.time)}</time>
          <span>{from?.due !== undefined && <>{show(from)} → </>}<b>{show(record)}</b>: {deed(record)}{record.actor && ` · ${agencyName(record.actor)}${record.stand_in ? ` (${t('stood_in', { who: agencyName(record.stand_in) })})` : ''}${record.officer ? ` (${record.officer})` : ''}`}{record.asked && ` · ${t('at_request', { who: agencyName(record.asked.by), what: wishWords(record.asked.asking, record.asked.wanted) })}`}</span></li>
      ))}
    </ol>
  );
}

function Stood({ turns, task }: { turns: Turn[]; task: Task }) {
  if (!turns.length) return null;
  return (
    <>
      <h3>{t('stood_still')}</h3>
      <ul class="moves">{turns.map((turn) => <li key={turn.since}><time dateTime={new Date(turn.since).toISOString()}>{showMoment(turn.since)}</time><span>{t('stood_until', { until: turn.until === undefined ? t('turn_now') : showMoment(turn.until), long: showWorked(turn.worked, task) })} · {agencyName(turn.agency)}</span></li>)}</ul>
    </>
  );
}

interface Told { task: Task; dates: TaskDates; records: Rec[]; more: boolean; onMore(): void }

export function Dates({ task, dates, records, more, onMore }: Told) {
  return (
    <section class="dates" id="dates"><h2>{t('dates')}</h2>
      {dates.notes?.map((note) => <p key={note.text} class="draft">{explained(note.text)}</p>)}
      {!dates.dates?.length && <p class="quiet">{t('no_due')}</p>}
      <ul>
        {dates.dates?.map((dated) => (
          <li key={`${dated.deadline}:${dated.ask}:${dated.question}:${dated.suspension}`} data-date={dated.suspension ? 'suspension' : dated.question !== undefined ? 'question' : dated.deadline} class={dated.runs ? 'runs' : ''}>
            <p>{nameOf(dated, task)}: <strong>{showDue(dated.due, dated.due_day)}</strong></p>
            {ruleOf(dated, task) && <p class="quiet">{ruleOf(dated, task)}</p>}
            {dated.deadline === 'completion' && <Moves records={records} more={more} />}
            {dated.lines && dated.lines.length > 0 && <Lines found={{ lines: dated.lines }} />}
          </li>
        ))}
      </ul>
      <Stood turns={dates.stood ?? []} task={task} />
      {more && <p class="no-print"><button type="button" onClick={onMore}>{t('older_moves')}</button></p>}
    </section>
  );
}

/* ---- its ladder ---- */

const AHEAD_SHOWN = 5;

/* `Nấc 2: báo cáo vượt cấp cấp 1, hạn hoàn thành` */
const stepName = (climb: Climb): string => `${t('step_of', { n: climb.step })}: ${term('rung', climb.does)}${climb.level ? ` (${t('level', { n: climb.level }).toLowerCase()})` : ''}, ${term('deadline', climb.deadline)}`;

function Coming({ climb }: { climb: Climb }) {
  return (
    <li data-step={climb.step}><time dateTime={climb.next_day}>{climb.next === undefined ? showDay(climb.next_day) : showMoment(climb.next)}</time>
      <div><p>{explained(climb.text ?? '')}</p>
        <p class="quiet">{climb.told?.length ? t('sent_to', { who: agencyNames(climb.told) }) : t('sent_to_none')}{climb.instant !== undefined && ` · ${t('was_to_be', { when: showMoment(climb.instant) })}`}</p></div></li>
  );
}

function Fired({ climb, fired }: { climb: Climb; fired: Rec[] }) {
  return (
    <li data-step={climb.step}>
      <p>{stepName(climb)} <span class="quiet">· {climb.fired ? t('fired_times', { n: climb.fired }) : t('fired_before')}</span></p>
      <ol class="moves">{fired.map((record) => <li key={record.seq}><time dateTime={new Date(record.time).toISOString()}>{showMoment(record.time)}</time><span>{record.to?.length ? `${capital(term('notice', record.notice))} · ${t('sent_to', { who: agencyNames(record.to) })}` : t('sent_along')}</span></li>)}</ol>
    </li>
  );
}

export function Ladder({ dates, records, more, onMore }: Omit<Told, 'task'>) {
  const ladder = dates.ladder ?? [];
  if (!ladder.length) return <section class="ladder"><h2>{t('ladder')}</h2><p class="quiet">{t('no_ladder')}</p></section>;
  const coming = ladder.filter((one) => one.text).sort((a, b) => (a.next ?? 0) - (b.next ?? 0) || a.step - b.step), gone = ladder.filter((one) => !one.text && !one.fired);
  const firedOf = (climb: Climb): Rec[] => records.filter((one) => one.record === 'rung' && one.step === climb.step), done = ladder.filter((one) => one.fired || firedOf(one).length);
  const rows = (list: Climb[]) => <ol class="ahead">{list.map((climb) => <Coming key={climb.step} climb={climb} />)}</ol>;
  return (
    <section class="ladder no-print"><h2>{t('ladder')} <small>{dates.policy} ({t('version', { n: dates.policy_version ?? 1 })})</small></h2>
      <h3>{t('coming')}</h3>
      {coming.length ? rows(coming.slice(0, AHEAD_SHOWN)) : <p class="quiet">{t('no_ahead')}</p>}
      {coming.length > AHEAD_SHOWN && <details class="why"><summary>{t('all_ahead', { n: coming.length })}</summary>{rows(coming.slice(AHEAD_SHOWN))}</details>}
      {done.length > 0 && <><h3>{t('fired')}</h3><ul class="fired">{done.map((climb) => <Fired key={climb.step} climb={climb} fired={firedOf(climb)} />)}</ul></>}
      {gone.length > 0 && <details class="why"><summary>{t('never_fired', { n: gone.length })}</summary><ul>{gone.map((climb) => <li key={climb.step} data-step={climb.step}>{stepName(climb)}</li>)}</ul></details>}
      {more && <p class="no-print"><button type="button" onClick={onMore}>{t('older_fired')}</button></p>}
    </section>
  );
}
