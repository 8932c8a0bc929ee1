/* One task, whole: what may be done, its line of life, its dates and why they are so, the agencies, the evidence, what happened. */
import { useEffect, useState } from 'preact/hooks';
import { ACTS, asksOf, offeredOf, questionsOf } from '../acts';
import { read } from '../api';
import { showDayOf, showMoment } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName, agencyNames } from '../names';
import { ActForm } from '../parts/actform';
import { How, Progress, State, TaskLink, Title, When } from '../parts/common';
import { Cited } from '../parts/cited';
import { Custody } from '../parts/custody';
import { EvidenceList } from '../parts/evidence';
import { Parts, Waits } from '../parts/family';
import { History } from '../parts/history';
import { Life } from '../parts/life';
import { Opinions } from '../parts/opinions';
import { Answer, Requests } from '../parts/requests';
import { Dates, DueFact, Ladder } from '../parts/why';
import { lackingWords, showFigure, showPeriod } from '../periods';
import { address, go, Link, usePlace } from '../router';
import { mayAct, me, ours, stoodFor } from '../session';
import { hasPart, placeOf } from '../standing';
import { useStore } from '../store';
import { actName, capital, term } from '../terms';
import type { Rec, Task, TaskDates, TaskReply } from '../types';
import { t } from '../words';

const HISTORY_PAGE = 100;

function Acts({ task, may }: { task: Task; may: string[] }) {
  const offered = offeredOf(task, may);
  const isMain = (action: string): boolean => !!ACTS[action].main;
  const button = (action: string, i: number) => <Link key={action} class={`button${i === 0 && action !== 'comment' ? ' main' : ''}`} to={placeOf(task, `act=${action}`)}>{actName(action, task)}</Link>;
  if (!mayAct()) return null;
  const after = <Link class="button" to={`/assign?follows=${task.task}`}>{t('assign_after')}</Link>;
  if (!offered.length) return <p class="quiet">{t('no_acts')}</p>;
  return (
    <nav class="acts" aria-label={t('acts')}>
      {offered.filter(isMain).map(button)}
      <details class="more"><summary class="button">{t('more_acts')}</summary><div>{offered.filter((action) => !isMain(action)).map((action) => button(action, 1))}{after}</div></details>
    </nav>
  );
}

/* In whose name it is shown, and in whose else it may be. */
function Names({ task }: { task: Task }) {
  const shown = task.stands_in_for, others = ours().filter((one) => one !== (shown ?? me.get()?.agency) && hasPart(task, one)).map((one) => ({ task: task.task, stands_in_for: one === me.get()?.agency ? undefined : one }));
  if (!shown && !others.length) return null;
  return (
    <p class="names">{shown && <strong>{t('in_name_of', { who: agencyName(shown) })}</strong>}
      {others.map((one) => <Link key={one.stands_in_for ?? ''} class="button small no-print" to={placeOf(one)}>{one.stands_in_for ? t('in_name_of', { who: agencyName(one.stands_in_for) }) : t('in_own_name')}</Link>)}</p>
  );
}

function Said({ task }: { task: Task }) {
  const words = [
    task.rejection && { what: t('rejection'), who: task.rejected_by, when: task.rejected, text: task.rejection, grave: true },
    task.note && !task.answer && { what: t('lead'), who: task.note_by, when: task.note_time, text: task.note },
    task.assigner_note && { what: t('assigner'), who: task.assigner_note_by, when: task.assigner_note_time, text: task.assigner_note },
    task.other_note && { what: '', who: task.other_note_by, when: task.other_note_time, text: task.other_note },
  ].filter((one) => !!one);
  if (!words.length) return null;
  return (
    <section><h2>{t('last_words')}</h2>
      {words.map((one, i) => <blockquote key={i} class={one.grave ? 'grave' : ''}><p>{one.text}</p><footer>{[one.grave ? one.what : '', agencyName(one.who), one.when && showMoment(one.when)].filter(Boolean).join(' · ')}</footer></blockquote>)}
    </section>
  );
}

function Escalations({ task, may }: { task: Task; may: string[] }) {
  const list = (task.escalations ?? []).filter((one) => !one.closed);
  if (!list.length) return null;
  return (
    <section><h2>{t('open_escalations')}</h2>
      <ul class="escalations">
        {list.map((one) => (
          <li key={one.escalation}><strong>{t('level', { n: one.level })}</strong> → {agencyNames(one.to)} · {one.acknowledged ? t('ack_by', { who: agencyName(one.acknowledged_by), when: showMoment(one.acknowledged) }) : t('open_since', { when: showMoment(one.opened) })}
            {!one.acknowledged && may.includes('acknowledge') && mayAct() && <span class="no-print"> · <Link to={placeOf(task, `act=acknowledge&escalation=${one.escalation}`)}>{capital(term('action', 'acknowledge'))}</Link></span>}</li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ task }: { task: Task }) {
  const rows: [string, preact.ComponentChildren][] = [
    [t('progress'), task.percent !== undefined && <Progress task={task} />], [t('target'), task.target !== undefined && `${showFigure(task.value ?? 0)} / ${showFigure(task.target)} ${task.unit ?? ''}`],
    [t('reached'), task.target === undefined && task.value !== undefined && `${showFigure(task.value)} ${task.unit ?? ''}`],
    [t('values'), task.indicator && <>{!task.closed && lackingWords(task) && <div class="warn">{lackingWords(task)}</div>}{!task.closed && task.value_owed && <div>{`${t('value_is_owed')}: ${showPeriod(task.value_owed)}`}</div>}<Link to={address('/targets', { task: String(task.task) })}>{t('course_link')}</Link></>],
    [t('document'), task.document && <Link to={`/tasks?document=${encodeURIComponent(task.document)}`}>{task.document}{task.paragraph ? `, ${task.paragraph}` : ''}</Link>],
    [t('kind'), task.kind && capital(term('kind', task.kind))], [t('priority'), task.priority && task.priority !== 'normal' && capital(term('priority', task.priority))],
    [t('area'), task.area && <Link to={`/tasks?area=${encodeURIComponent(task.area)}`}>{task.area}</Link>], [t('tags'), task.tags?.length && task.tags.map((tag) => <Link key={tag} class="tag" to={`/tasks?tag=${encodeURIComponent(tag)}`}>{tag}</Link>)],
    [t('reporting'), task.reporting && capital(term('period', task.reporting))], [t('scope'), task.scope && task.scope !== 'normal' && capital(term('scope', task.scope))], [t('policy'), task.policy && `${task.policy} (${t('version', { n: task.policy_version ?? 1 })})`],
    [t('assigned_on'), showMoment(task.assigned)], [t('submitted_at'), task.submitted !== undefined && showMoment(task.submitted)], [t('closed_at'), task.closed !== undefined && showMoment(task.closed)],
    [t('follows'), task.follows !== undefined && <TaskLink task={{ task: task.follows, reference: `#${task.follows}` }} />],
    [t('weight'), task.weight], [t('bounces'), task.bounces],
    [t('whole'), task.parent !== undefined && <TaskLink task={{ task: task.parent, reference: `#${task.parent}` }} />],
  ];
  return <dl class="facts">{rows.filter(([, value]) => value).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

/* Whose role it was, before that one ended. */
function Succeeds({ task, role, holder }: { task: Task; role: string; holder: string }) {
  const before = (task.successions ?? []).filter((one) => one.role === role && one.successor === holder);
  return <>{before.map((one) => <span key={one.agency} class="quiet"> ({t('succeeds', { who: agencyName(one.agency), day: showDayOf(one.since) })})</span>)}</>;
}

function People({ task }: { task: Task }) {
  const rows: [string, string[]][] = [['assigner', [task.assigner]], ['lead', [task.lead]], ['cooperating', task.cooperating ?? []], ['supervisor', task.supervisor ? [task.supervisor] : []], ['observer', task.observers ?? []]];
  return <dl class="facts">{rows.filter(([, list]) => list.length).map(([role, list]) => <div key={role}><dt>{capital(term('role', role))}</dt><dd>{list.map((one) => <div key={one}><AgencyName id={one} /><Succeeds task={task} role={role} holder={one} /></div>)}</dd></div>)}</dl>;
}

interface Records { records: Rec[]; next?: number }

/* The newest page in front of those of before. Where more has come than it holds, what lies between is not known: then it stands alone. */
function joined(head: Records, old: Records): Records {
  const last = head.records[head.records.length - 1]?.seq ?? 0;
  if ((old.records[0]?.seq ?? 0) < last) return head;
  return { records: [...head.records, ...old.records.filter((record) => record.seq < last)], next: old.next };
}

/* All records that were asked for: the newest again at each change, and the older pages once. */
function useHistory(id: number, name?: string) {
  const [known, set] = useState<Records>({ records: [] });
  const ask = (before?: number): Promise<Records> => read<Records>('task_history', { for: name, task: id, before, limit: HISTORY_PAGE });
  const { data } = useLoad(() => ask(), `history:${id}:${name ?? ''}`);
  useEffect(() => { if (data) set((old) => joined(data, old)); }, [data]);
  return {
    records: known.records, more: known.next !== undefined,
    load: async () => {
      const page = await ask(known.next);
      set((old) => ({ records: [...old.records, ...page.records.filter((record) => record.seq < old.records[old.records.length - 1].seq)], next: page.next }));
    },
  };
}

/* A task that this agency was shown, for an opinion, and reads no more: what it was shown then. */
function Shown({ id }: { id: number }) {
  const history = useHistory(id), first = history.records[history.records.length - 1];
  if (!first) return null;
  return <><Title sub={t('shown_then')}>{`${first.reference ?? ''} · ${first.title ?? ''}`}</Title><section><h2>{t('history')}</h2><History records={history.records} more={history.more} onMore={() => void history.load()} /></section></>;
}

/* Its reply says in whose name it is shown, where that is not one's own. */
async function readTask(id: number, name?: string): Promise<TaskReply> {
  const reply = await read<TaskReply>('task_get', { for: name, task: id });
  return { ...reply, task: { ...reply.task, stands_in_for: reply.stands_in_for } };
}

export function TaskPageView({ id }: { id: number }) {
  const { query } = usePlace(), act = query.get('act') ?? '', about = { escalation: Number(query.get('escalation')) || undefined, ask: Number(query.get('ask')) || undefined, asking: query.get('asking') ?? undefined, question: Number(query.get('question')) || undefined };
  const name = query.get('in') ?? undefined; // in whose it is asked; left to the broker where the address does not say it
  const loaded = useLoad(() => readTask(id, name), `task:${id}:${name ?? ''}`);
  const dates = useLoad(() => read<TaskDates>('task_explain', { for: name, task: id }), `explain:${id}:${name ?? ''}`);
  const history = useHistory(id, name), more = { more: history.more, onMore: () => void history.load() };
  const isOver = !!name && loaded.error?.name === 'not_stood_in_for';
  useStore(stoodFor);
  useEffect(() => { if (isOver) go(`/tasks/${id}`, true); }, [isOver]);
  if (loaded.error?.name === 'task_unknown' && history.records.length) return <Shown id={id} />;
  return (
    <When loaded={loaded}>{({ task, may = [] }) => (
      <article class="task">
        <Title sub={<><State of={task.state} /> <How of={task.timeliness} /> {task.lead_unanswered ? <span class="how how-due_soon">{t('unanswered', { n: task.lead_unanswered })}</span> : null}</>}>{`${task.reference} · ${task.title ?? ''}`}</Title>
        <Names task={task} />
        {query.get('problem') === 'acknowledge_link' && <p class="refused" role="alert">{t('acknowledge_link')}</p>}
        {act === 'acknowledge' && !(may.includes(act) && mayAct()) && <p class="refused" role="alert">{t('acknowledge_none', { agency: agencyName(me.get()?.agency) })}{query.get('for') && query.get('for') !== me.get()?.agency ? ` ${t('acknowledge_for', { agency: agencyName(query.get('for') ?? '') })}` : ''}</p>}
        {about.question && mayAct() && ['opine', 'recall'].includes(act) && !questionsOf(act, task).some((one) => one.question === about.question) && <p class="refused" role="alert">{t('opinion_gone')}</p>}
        {about.ask && mayAct() && !asksOf(act, task).some((one) => one.ask === about.ask) && <p class="refused" role="alert">{t('e_ask_unknown')}</p>}
        {offeredOf(task, may).includes(act) && mayAct() ? <ActForm key={`${act}:${about.escalation}:${about.ask}:${about.asking}:${about.question}`} action={act} task={task} about={about} /> : <Acts task={task} may={may} />}
        <section aria-label={t('life')}><Life task={task} records={history.records} /></section>
        <Custody task={task} />
        <div class="columns">
          <div>
            {task.description && <section><h2>{t('description')}</h2><p class="text">{task.description}</p></section>}
            <Answer task={task} />
            <Cited task={task} />
            <Requests task={task} may={may} />
            <Opinions task={task} may={may} />
            <Escalations task={task} may={may} />
            <Said task={task} />
            <Parts of={task} />
            <Waits of={task} />
            <When loaded={dates}>{(data) => <><Dates task={task} dates={data} records={history.records} {...more} /><Ladder dates={data} records={history.records} {...more} /></>}</When>
            <section><h2>{t('files')}</h2><EvidenceList files={task.evidence_files ?? []} /></section>
            <section><h2>{t('history')}</h2><History records={history.records} {...more} /></section>
          </div>
          <aside>
            <section><h2>{t('due')}</h2><DueFact task={task} dates={dates.data} /></section>
            <section><h2>{t('people')}</h2><People task={task} /></section>
            <section><h2>{t('details')}</h2><Facts task={task} /></section>
          </aside>
        </div>
      </article>
    )}</When>
  );
}
