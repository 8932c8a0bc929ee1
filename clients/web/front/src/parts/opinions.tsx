/* What the lead has asked other agencies their opinion of; who gave one, who owes one, and who is silent, for how long. */
import { questionsOf } from '../acts';
import { showDue, showMoment } from '../dates';
import { AgencyName, agencyName } from '../names';
import { owingTo } from '../opinions';
import { Link } from '../router';
import { placeOf } from '../standing';
import { mayAct } from '../session';
import { capital, term } from '../terms';
import type { Opinion, Question, Task } from '../types';
import { t } from '../words';

function Files({ names }: { names?: string[] }) {
  return names?.length ? <p class="quiet">{t('files')}: {names.join('; ')}</p> : null;
}

function How({ opinion }: { opinion: Opinion }) {
  const days = t('silent_days', { n: opinion.silent_days ?? 0 });
  if (opinion.state === 'given') return <><strong>{capital(term('answering', opinion.answer))}</strong> · {showMoment(opinion.ended ?? 0)}{opinion.silent !== undefined && <> · <span class="warn">{t('opinion_late', { days })}</span></>}</>;
  if (opinion.state === 'silent') return <span class="how how-overdue">{t('no_opinion')} · {days}{opinion.ended !== undefined ? ` · ${t('until_then', { when: showMoment(opinion.ended) })}` : ''}</span>;
  return <span class="how how-on_time">{capital(term('opining', opinion.state))}{opinion.ended !== undefined ? ` · ${showMoment(opinion.ended)}` : ''}</span>;
}

function Asked({ task, question, may }: { task: Task; question: Question; may: string[] }) {
  const opinions = (task.opinions ?? []).filter((one) => one.question === question.question), owed = owingTo(task, question.question);
  const acts = mayAct() ? ['opine', 'recall'].filter((act) => may.includes(act) && questionsOf(act, task).some((one) => one.question === question.question)) : [];
  return (
    <li class={owed.length ? 'open' : ''} data-question={question.question}>
      <p><strong>{t('asked_opinion', { who: agencyName(question.by), when: showMoment(question.asked) })}</strong> <span class="quiet">· {t('opinion_by', { day: showDue(question.due, question.due_day) })} · {t('opinions_given', { n: opinions.filter((one) => one.state === 'given').length, m: opinions.length })}</span></p>
      {question.note && <blockquote>{question.note}</blockquote>}
      <Files names={question.evidence} />
      <ul class="given">
        {opinions.map((one, i) => (
          <li key={i} data-agency={one.agency} data-state={one.state}><p><AgencyName id={one.by ?? one.agency} />: <How opinion={one} /></p>
            {one.note && <blockquote>{one.note}</blockquote>}
            <Files names={one.evidence} /></li>
        ))}
      </ul>
      {acts.length > 0 && <div class="buttons">{acts.map((act) => <Link key={act} class={`button small${act === 'opine' ? ' main' : ''}`} to={placeOf(task, `act=${act}&question=${question.question}`)}>{capital(term('action', act))}</Link>)}</div>}
    </li>
  );
}

/* Those on which an opinion is owed come first, then the newest. */
export function Opinions({ task, may }: { task: Task; may: string[] }) {
  const list = [...(task.questions ?? [])].sort((a, b) => Number(!owingTo(task, a.question).length) - Number(!owingTo(task, b.question).length) || b.question - a.question);
  if (!list.length) return null;
  const owed = (task.opinions ?? []).filter((one) => one.ended === undefined).length;
  return (
    <section class="requests opinions"><h2>{t('opinions')} {owed > 0 && <span class="count" title={t('opinions_owed', { n: owed })}>{owed}</span>}</h2>
      <ul>{list.map((question) => <Asked key={question.question} task={task} question={question} may={may} />)}</ul>
    </section>
  );
}
