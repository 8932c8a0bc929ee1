/* Whose clock ran when, and what for: a line for each agency, all to the scale of the working time since the assignment, and its sum. */
import { read } from '../api';
import { showMoment } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName } from '../names';
import { dayLength } from '../session';
import { capital, term } from '../terms';
import type { CustodyTally, Task, TaskCustody, Turn } from '../types';
import { inVietnamese, t } from '../words';

const CHARGES = ['taking_up', 'working', 'deciding', 'answering', 'confirming', 'suspended'] as const;
const MINUTE_MS = 60000, SEEN = 0.7; // per cent of the line: what is shorter is drawn as long

function showHours(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes === 0) return ms ? t('under_minute') : t('minutes', { n: 0 });
  const hours = Math.floor(minutes / 60), rest = minutes % 60;
  return [hours ? t('hours', { n: hours }) : '', rest && hours < 24 ? t('minutes', { n: rest }) : ''].filter(Boolean).join(' ');
}
/* In days from one on, where the task is counted by the calendar whose days are known. */
export function showWorked(ms: number, task: Task): string {
  const day = task.calendar && task.calendar !== 'default' ? 0 : dayLength.get();
  return day && ms >= day ? t('worked_days', { n: (ms / day).toFixed(1).replace(/\.0$/, '').replace('.', inVietnamese() ? ',' : '.') }) : showHours(ms);
}
const sumOf = (tally: CustodyTally): number => CHARGES.reduce((sum, name) => sum + tally[name], 0);
const turnWords = (turn: Turn, task: Task): string => t('turn', { what: capital(term('charge', turn.charge)), from: showMoment(turn.since), to: turn.until === undefined ? t('turn_now') : showMoment(turn.until), long: showWorked(turn.worked, task) });

interface Piece { turn: Turn; left: number; width: number }

/* Where each turn lies, in per cent of all that was worked. */
function piecesOf({ turns, elapsed }: TaskCustody): Piece[] {
  let before = 0;
  return turns.map((turn) => {
    const left = elapsed ? (100 * before) / elapsed : 0, width = elapsed ? (100 * turn.worked) / elapsed : 0;
    before += turn.worked;
    return { turn, left: Math.min(left, 100 - SEEN), width: Math.max(width, SEEN) };
  });
}

function Lane({ task, tally, pieces, elapsed }: { task: Task; tally: CustodyTally; pieces: Piece[]; elapsed: number }) {
  const sum = sumOf(tally), mine = pieces.filter(({ turn }) => turn.agency === tally.agency), isNow = mine.some(({ turn }) => turn.until === undefined);
  const what = CHARGES.filter((name) => tally[name] > 0).map((name) => `${term('charge', name)} ${showWorked(tally[name], task)}`);
  return (
    <li data-agency={tally.agency} data-sum={sum}>
      <p class="who"><AgencyName id={tally.agency} />{isNow && <span class="how how-due_soon">{t('holds_now')}</span>}</p>
      <div class="line" role="img" aria-label={mine.map(({ turn }) => turnWords(turn, task)).join('; ')}>
        {mine.map(({ turn, left, width }) => <span key={turn.since} class={`turn turn-${turn.charge}`} style={{ left: `${left}%`, width: `${width}%` }} title={turnWords(turn, task)} />)}
      </div>
      <p class="sum"><strong>{showWorked(sum, task)}</strong>{elapsed > 0 && <span class="quiet"> · {Math.round((100 * sum) / elapsed)} %</span>}</p>
      {what.length > 0 && <p class="quiet what">{what.join(' · ')}{tally.passed_on ? ` · ${t('passed_times', { n: tally.passed_on })}` : ''}{tally.came_back ? ` · ${t('back_times', { n: tally.came_back })}` : ''}</p>}
    </li>
  );
}

function Turns({ turns }: { turns: Turn[] }) {
  return (
    <details class="why"><summary>{t('all_turns', { n: turns.length })}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('custody')}><table class="list">
        <thead><tr><th scope="col">{t('since')}</th><th scope="col">{t('until_when')}</th><th scope="col">{t('agency')}</th><th scope="col">{t('held_for')}</th><th scope="col">{t('working_time')}</th></tr></thead>
        <tbody>{turns.map((turn) => <tr key={turn.since}><td class="keep">{showMoment(turn.since)}</td><td class="keep">{turn.until === undefined ? t('turn_now') : showMoment(turn.until)}</td><td>{agencyName(turn.agency)}</td><td>{capital(term('charge', turn.charge))}</td><td class="keep">{showHours(turn.worked)}</td></tr>)}</tbody>
      </table></div>
    </details>
  );
}

/* Read again when anything has happened, as the task is: each of its changes may move whose clock runs. */
export function Custody({ task }: { task: Task }) {
  const { data } = useLoad(() => read<TaskCustody>('task_custody', { task: task.task }), `custody:${task.task}`);
  if (!data?.turns.length) return null;
  const pieces = piecesOf(data), charges = CHARGES.filter((name) => data.turns.some((turn) => turn.charge === name));
  return (
    <section class="custody"><h2>{t('custody')}</h2>
      <p class="quiet">{t('custody_of', { long: showWorked(data.elapsed, task), from: showMoment(data.since ?? data.turns[0].since) })}</p>
      <ol>{data.tallies.map((tally) => <Lane key={tally.agency} task={task} tally={tally} pieces={pieces} elapsed={data.elapsed} />)}</ol>
      <p class="keys">{charges.map((name) => <span key={name} class="key"><i class={`turn-${name}`} />{capital(term('charge', name))}</span>)}</p>
      <Turns turns={data.turns} />
    </section>
  );
}
