/* What the lead of a task has asked for and what became of it; and what a recommendation was answered with. */
import { asksOf } from '../acts';
import { showDue, showMoment } from '../dates';
import { AgencyName, agencyName } from '../names';
import { openAsks, wishWords } from '../requests';
import { address, Link } from '../router';
import { placeOf } from '../standing';
import { mayAct, me } from '../session';
import { capital, term } from '../terms';
import type { Asked, Task } from '../types';
import { t } from '../words';

export function Decider({ asked }: { asked: Asked }) {
  const who = agencyName(asked.decider);
  return <>{asked.decide_due === undefined ? t('decides', { who }) : t('decide_by', { who, day: showDue(asked.decide_due) })}</>;
}

function Outcome({ asked }: { asked: Asked }) {
  const what = capital(term('settlement', asked.outcome)), given = asked.granted && wishWords(asked.asking, asked.granted);
  return (
    <>
      <strong>{t('request_ended', { what, who: agencyName(asked.decided_by), when: showMoment(asked.decided ?? 0) })}</strong>
      {asked.outcome === 'granted' && given && given !== wishWords(asked.asking, asked.wanted) && <> · {t('granted_as', { what: given })}</>}
      {asked.decision && <blockquote>{asked.decision}</blockquote>}
    </>
  );
}

/* The acts that an open request of the lead waits for, of those that this agency may do. */
export function AskedActs({ task, asked, may }: { task: Task; asked: Asked; may: string[] }) {
  if (!mayAct() || !may.length) return null;
  return <div class="buttons">{may.map((act, i) => <Link key={act} class={`button small${i === 0 && act === 'grant' ? ' main' : ''}`} to={placeOf(task, `act=${act}&ask=${asked.ask}`)} aria-label={`${capital(term('action', act))}: ${wishWords(asked.asking, asked.wanted)}`}>{capital(term('action', act))}</Link>)}</div>;
}

/* Those that are open come first, then the newest. */
export function Requests({ task, may }: { task: Task; may: string[] }) {
  const list = [...(task.asks ?? [])].sort((a, b) => Number(!!a.outcome) - Number(!!b.outcome) || b.ask - a.ask);
  if (!list.length) return null;
  const acts = (asked: Asked): string[] => ['grant', 'deny', 'take_back'].filter((act) => may.includes(act) && !asked.outcome && asksOf(act, task).includes(asked));
  return (
    <section class="requests"><h2>{t('requests')} {openAsks(task).length > 0 && <span class="count">{openAsks(task).length}</span>}</h2>
      <ul>
        {list.map((asked) => (
          <li key={asked.ask} class={asked.outcome ? '' : 'open'} data-ask={asked.ask}>
            <p><strong>{capital(wishWords(asked.asking, asked.wanted))}</strong> <span class="quiet">· {t('asked_on', { who: agencyName(asked.by), when: showMoment(asked.asked) })}</span></p>
            {asked.reason && <blockquote>{asked.reason}</blockquote>}
            {asked.outcome ? <Outcome asked={asked} /> : <p><Decider asked={asked} /></p>}
            <AskedActs task={task} asked={asked} may={acts(asked)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/* Passing on makes no task: who did it recommends it to the other. Who does not agree recommends it anew. */
function Next({ task }: { task: Task }) {
  const mine = me.get()?.agency, to = task.answer === 'passed_on' && mine === task.lead ? task.passed_to : mine === task.assigner && task.answer !== 'agreed' ? (task.passed_to ?? task.lead) : undefined;
  if (!to || !mayAct()) return null;
  const there = address('/assign', { follows: String(task.task), kind: 'recommendation', leads: to, title: task.title });
  return <div class="buttons no-print"><Link class="button small" to={there}>{task.answer === 'passed_on' ? t('recommend_to', { who: agencyName(to) }) : t('recommend_again')}</Link></div>;
}

export function Answer({ task }: { task: Task }) {
  if (!task.answer) return null;
  return (
    <section class="answer"><h2>{t('answer_of')}</h2>
      <p><strong>{capital(term('answering', task.answer))}</strong>{task.passed_to && <> · {t('passed_on_to', { who: agencyName(task.passed_to) })}</>}</p>
      <blockquote><p>{task.note}</p><footer><AgencyName id={task.note_by} />{task.submitted !== undefined && ` · ${showMoment(task.submitted)}`}</footer></blockquote>
      <Next task={task} />
    </section>
  );
}
