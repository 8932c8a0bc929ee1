/* The leaders' page: what is late and what is about to be, where, and whether it grows. Every number leads to its list. */
import { read, readOverview } from '../api';
import { metWords, willWords, withUnit } from '../course';
import { dueDay, showDay, showDue, showMoment } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName } from '../names';
import { Trend } from '../parts/chart';
import { TaskLink, Title, When } from '../parts/common';
import { address, Link } from '../router';
import { me } from '../session';
import { showPeriod } from '../periods';
import { byWorst, listOf, totalOf } from '../tally';
import { capital, DONE_STATES, OPEN_STATES } from '../terms';
import type { Course, DocumentCounts, Overview, Tally } from '../types';
import { t, type Word } from '../words';

const WORST_SHOWN = 8, TARGETS_SHOWN = 5;

export function Direction({ tally }: { tally: Tally }) {
  const more = tally.overdue - (tally.overdue_before ?? 0);
  if (more === 0) return <span class="direction quiet"><span aria-hidden="true">→</span> {t('same')}</span>;
  return <span class={`direction ${more > 0 ? 'worse' : 'better'}`}><span aria-hidden="true">{more > 0 ? '▲' : '▼'}</span> {t(more > 0 ? 'more_than' : 'less_than', { n: Math.abs(more) })}</span>;
}

function Figure({ word, value, to, sort, below }: { word: Word; value: number | string; to: string; sort: string; below: preact.ComponentChildren }) {
  return <Link to={to} class={`figure figure-${sort}${value === 0 ? ' none' : ''}`}><span class="name">{t(word)}</span><span class="value">{value}</span><span class="below">{below}</span></Link>;
}

export function Figures({ overview }: { overview: Overview }) {
  const total = totalOf(overview), handed = total.on_time + total.late;
  return (
    <div class="figures">
      <Figure word="overdue" value={total.overdue} sort="red" to={listOf('overdue', overview)} below={<>{t('of_open', { n: total.open })} · <Direction tally={total} /></>} />
      <Figure word="due_week" value={total.due_week} sort="amber" to={listOf('due_week', overview)} below={t('to_week_end', { day: showDay(dueDay(overview.due_week_end)) })} />
      <Figure word="escalated" value={total.open_escalations} sort="red" to={listOf('open_escalations', overview)} below={overview.escalations.filter((one) => one.open).map((one) => `${t('level', { n: one.level })}: ${one.open}`).join(' · ') || '—'} />
      <Figure word="decisions" value={overview.requests} sort="amber" to="/requests" below={t('decisions_below')} />
      <Figure word="open_count" value={total.open} sort="blue" to={listOf('open', overview)} below={`${t('all_count')}: ${total.assigned}`} />
      <Figure word="on_time_rate" value={handed ? `${Math.floor((100 * total.on_time) / handed)}%` : '—'} sort="green" to={listOf('on_time', overview)} below={`${total.on_time} ${t('of_done', { n: handed })}`} />
    </div>
  );
}

const COLUMNS: (keyof Tally)[] = ['assigned', 'open', 'submitted', 'on_time', 'late', 'overdue', 'worst_delay', 'open_escalations'];
const HEADS: Partial<Record<keyof Tally, Word>> = { assigned: 'all_count', open: 'open_count', submitted: 'to_confirm', on_time: 'on_time', late: 'late', overdue: 'overdue', worst_delay: 'worst_delay', open_escalations: 'escalated' };

export function AgencyTable({ overview, plain }: { overview: Overview; plain?: boolean }) {
  const total = totalOf(overview);
  const cell = (name: keyof Tally, tally: Tally, lead?: string) => {
    const isGrave = (name === 'overdue' || name === 'open_escalations') && tally[name] > 0;
    return <td key={name} data-label={t(HEADS[name] as Word)} data-of={name} class={isGrave ? 'grave' : tally[name] === 0 ? 'zero' : ''}>{plain || tally[name] === 0 ? tally[name] : <Link to={listOf(name, overview, lead)}>{tally[name]}</Link>}</td>;
  };
  return (
    <div class="scroll">
      <table class="list numbers agencies">
        <thead><tr><th scope="col">{t('lead')}</th>{COLUMNS.map((name) => <th scope="col" key={name}>{t(HEADS[name] as Word)}</th>)}{!plain && <th scope="col">{t('direction')}</th>}</tr></thead>
        <tbody>{byWorst(overview).map(([lead, tally]) => <tr key={lead} data-agency={lead}><th scope="row"><AgencyName id={lead} /></th>{COLUMNS.map((name) => cell(name, tally, lead))}{!plain && <td data-label={t('direction')}><Direction tally={tally} /></td>}</tr>)}</tbody>
        <tfoot><tr data-agency="total"><th scope="row">{t('total')}</th>{COLUMNS.map((name) => cell(name, total))}{!plain && <td data-label={t('direction')}><Direction tally={total} /></td>}</tr></tfoot>
      </table>
    </div>
  );
}

export function Levels({ overview, plain }: { overview: Overview; plain?: boolean }) {
  if (!overview.escalations.length) return <p class="quiet">{t('no_escalations')}</p>;
  return (
    <table class="list numbers levels">
      <thead><tr><th scope="col">{t('escalations')}</th><th scope="col">{capital(t('open_now'))}</th><th scope="col">{capital(t('acknowledged'))}</th><th scope="col">{capital(t('ended'))}</th></tr></thead>
      <tbody>{overview.escalations.map((one) => (
        <tr key={one.level} data-level={one.level}><th scope="row">{t('level', { n: one.level })}</th>
          <td class={one.open ? 'grave' : 'zero'}>{one.open && !plain ? <Link to={`/escalations?level=${one.level}`}>{one.open}</Link> : one.open}</td>
          <td>{one.acknowledged && !plain ? <Link to={`/escalations?level=${one.level}&closed=acknowledged`}>{one.acknowledged}</Link> : one.acknowledged}</td>
          <td>{one.ended && !plain ? <Link to={`/escalations?level=${one.level}&closed=ended`}>{one.ended}</Link> : one.ended}</td></tr>
      ))}</tbody>
    </table>
  );
}

function Worst({ overview }: { overview: Overview }) {
  const worst = byWorst(overview).filter(([, tally]) => tally.overdue > 0).slice(0, WORST_SHOWN);
  const most = Math.max(1, ...worst.map(([, tally]) => tally.overdue));
  if (!worst.length) return <p class="quiet">{t('no_worst')}</p>;
  return (
    <ol class="worst">
      {worst.map(([lead, tally]) => (
        <li key={lead}>
          <Link to={listOf('overdue', overview, lead)}><span class="unseen">{t('overdue')}: </span><span class="who">{agencyName(lead)}</span><span class="bar"><span style={{ width: `${(100 * tally.overdue) / most}%` }} /></span><b>{tally.overdue}</b></Link>
          <Direction tally={tally} />
        </li>
      ))}
    </ol>
  );
}

/* The tasks that were escalated highest, and are late longest. */
function Hot({ overview }: { overview: Overview }) {
  if (!overview.hot?.length) return <p class="quiet">{t('no_hot')}</p>;
  return (
    <ol class="hot">
      {overview.hot.map((task) => (
        <li key={task.task}><p><TaskLink task={task} /> <Link class="plain-link" tabIndex={-1} to={`/tasks/${task.task}`}>{task.title}</Link></p>
          <p class="quiet"><AgencyName id={task.lead} />{task.due !== undefined && <> · {t('due')} {showDue(task.due, task.due_day)}</>} · <strong class="grave">{t('level', { n: task.level })}</strong></p></li>
      ))}
    </ol>
  );
}

/* How much of what each document orders is done. */
function Documents({ overview }: { overview: Overview }) {
  if (!overview.documents?.length) return <p class="quiet">{t('no_documents')}</p>;
  const cell = (one: DocumentCounts, name: 'assigned' | 'done' | 'submitted' | 'overdue', query: Record<string, string>) =>
    <td class={name === 'overdue' && one.overdue ? 'grave' : one[name] ? '' : 'zero'} data-of={name}>{one[name] ? <Link to={address('/tasks', { document: one.document, ...query })}>{one[name]}</Link> : 0}</td>;
  return (
    <div class="scroll">
      <table class="list numbers documents">
        <thead><tr><th scope="col">{t('document')}</th><th scope="col">{t('all_count')}</th><th scope="col">{t('done_count')}</th><th scope="col">{t('to_confirm')}</th><th scope="col">{t('overdue')}</th><th scope="col">{t('covered')}</th></tr></thead>
        <tbody>{overview.documents.map((one) => {
          const part = Math.floor((100 * one.done) / one.assigned);
          return (
            <tr key={one.document}><th scope="row"><Link to={address('/documents', { document: one.document })}>{one.document}</Link></th>
              {cell(one, 'assigned', { state: [...OPEN_STATES, ...DONE_STATES].join(',') })}{cell(one, 'done', { state: 'completed' })}{cell(one, 'submitted', { state: 'submitted' })}{cell(one, 'overdue', { timeliness: 'overdue' })}
              <td class="keep"><progress max={100} value={part} aria-label={`${t('covered')}: ${one.document}`} /> {part}%</td></tr>
          );
        })}</tbody>
      </table>
    </div>
  );
}

interface Behind { targets: Course[]; next?: number }

/* The targets that are behind: the first few, however many requests that takes. */
async function readBehind(): Promise<Behind> {
  const behind: Behind = { targets: [] };
  do {
    const page = await read<{ targets?: Course[]; next?: number }>('target_list', { open: true, behind: true, limit: TARGETS_SHOWN - behind.targets.length, after: behind.next ?? 0 });
    behind.targets.push(...page.targets ?? []);
    behind.next = page.next;
  } while (behind.next !== undefined && behind.targets.length < TARGETS_SHOWN);
  return behind;
}

function Targets() {
  const loaded = useLoad(readBehind, 'overview:targets');
  return (
    <When loaded={loaded}>{({ targets, next }) => (
      <>
        {targets.length ? (
          <ol class="hot targets">
            {targets.map((one) => (
              <li key={one.task} data-target={one.reference}><p><Link to={address('/targets', { task: String(one.task) })}>{one.reference}</Link> <Link class="plain-link" tabIndex={-1} to={address('/targets', { task: String(one.task) })}>{one.title}</Link></p>
                <p class="quiet"><AgencyName id={one.lead} />{one.latest !== undefined && <> · {showPeriod(one.latest)}: {withUnit(one.value, one)}</>}
                  {one.met === false && <> · <strong class="grave">{metWords(false).words}</strong></>}{one.will_be_met === false && <> · <strong class="grave">{willWords(false).words}</strong></>}{one.value_missing && <> · <strong class="grave">{t('value_missing', { period: showPeriod(one.value_missing) })}</strong></>}</p></li>
            ))}
          </ol>
        ) : next === undefined && <p class="quiet">{t('none_behind')}</p>}
        <p class="no-print">{(targets.length > 0 || next !== undefined) && <><Link to={address('/targets', { behind: '1', open: '1' })}>{t('all_behind')}</Link> · </>}<Link to="/targets">{t('all_targets')}</Link></p>
      </>
    )}</When>
  );
}

export function OverviewPage() {
  const loaded = useLoad(readOverview, 'overview', true, true);
  return (
    <>
      <Title sub={loaded.data ? `${agencyName(me.get()?.agency)} · ${t('as_of', { when: showMoment(loaded.data.time) })}` : agencyName(me.get()?.agency)}
        aside={<><Link class="button" to="/report">{t('report_page')}</Link> <Link class="button" to="/wall">{t('wall')}</Link></>}>{t('overview')}</Title>
      <When loaded={loaded}>{(overview) => (
        <div class="overview" aria-busy={overview.stale || undefined}>
          <Figures overview={overview} />
          <div class="columns even">
            <section><h2>{t('worst')}</h2><Worst overview={overview} /></section>
            <section><h2>{t('trend')}</h2><Trend overview={overview} /></section>
          </div>
          <div class="columns even">
            <section><h2>{t('burning')}</h2><Hot overview={overview} /><p class="no-print"><Link to="/hot-spots">{t('hot_by_rule')}</Link></p></section>
            <section><h2>{t('documents')}</h2><Documents overview={overview} /><p class="no-print"><Link to="/documents">{t('all_papers')}</Link></p></section>
          </div>
          <section><h2>{t('all_agencies')}</h2><AgencyTable overview={overview} /></section>
          <div class="columns even">
            <section><h2>{t('behind_targets')}</h2><Targets /></section>
            <section><h2>{t('by_level')}</h2><Levels overview={overview} /></section>
          </div>
        </div>
      )}</When>
    </>
  );
}
