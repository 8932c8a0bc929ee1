/* The targets that this agency may read, those that are behind first; and of one its course: its values period by period, beside the plan, what
 * they will come to, what was corrected, and what is owed. The address holds the filter, and which target it is. */
import { readAll } from '../api';
import { indicatorWords, isAmount, isBehind, metWords, owedWords, readCourse, signed, willWords, withUnit, type Followed, type Row } from '../course';
import { csv, download } from '../csv';
import { showDue, showMoment, today } from '../dates';
import { fold } from '../fold';
import { useLoad } from '../load';
import { AgencyName, agencyName } from '../names';
import { Listed, Search, State, Title, When } from '../parts/common';
import { corrected, Drawing } from '../parts/drawing';
import { AgencyPicker } from '../parts/picker';
import { lacking, lackingWords, showFigure, showPeriod } from '../periods';
import { address, go, Link, usePlace } from '../router';
import { mayAct } from '../session';
import { capital, term } from '../terms';
import type { Course, Rec } from '../types';
import { t, type Word } from '../words';

const courseOf = (task: number): string => address('/targets', { task: String(task) });
const Mark = ({ of }: { of: { sort: string; words: string } }) => <span class={`how how-${of.sort}`}>{of.words}</span>;

/* ---- all ---- */

/* The query as the broker's `target_list` takes it. */
function filterOf(query: URLSearchParams): Record<string, unknown> {
  const filter: Record<string, unknown> = {};
  for (const name of ['agency', 'area']) if (query.get(name)) filter[name] = query.get(name);
  for (const name of ['open', 'behind']) if (query.get(name)) filter[name] = true;
  if (query.get('agency') && query.get('subtree')) filter.subtree = true;
  return filter;
}

const set = (query: URLSearchParams, more: Record<string, string>): void => go(address('/targets', { ...Object.fromEntries(query), ...more }), true);

function Filters({ query }: { query: URLSearchParams }) {
  const agency = query.get('agency') ?? '', given = [...query.keys()].length;
  const check = (name: string, word: Word) => <div class="field check"><label><input type="checkbox" checked={!!query.get(name)} onChange={(event) => set(query, { [name]: event.currentTarget.checked ? '1' : '' })} /> {t(word)}</label></div>;
  return (
    <form class="filters no-print" role="search" onSubmit={(event) => event.preventDefault()}>
      <Search value={query.get('search') ?? ''} onChange={(search) => set(query, { search })} />
      <AgencyPicker id="filter-agency" label={t('lead')} all value={agency ? [agency] : []} onChange={([chosen]) => set(query, { agency: chosen ?? '', subtree: chosen ? (query.get('subtree') ?? '') : '' })} />
      {agency && check('subtree', 'subtree')}
      <div class="field"><label for="filter-area">{t('area')}</label><input id="filter-area" type="text" value={query.get('area') ?? ''} onChange={(event) => set(query, { area: event.currentTarget.value.trim() })} /></div>
      {check('behind', 'only_behind')}{check('open', 'only_open_targets')}
      {given > 0 && <button type="button" onClick={() => go('/targets')}>{t('clear_filter')}</button>}
    </form>
  );
}

/* What the list is of, for paper: there the form is not seen. */
function described(query: URLSearchParams): string {
  const agency = query.get('agency'), area = query.get('area'), search = query.get('search');
  return [search && `${t('search')}: “${search}”`, agency && `${t('lead')}: ${agencyName(agency)}${query.get('subtree') ? `, ${t('subtree')}` : ''}`, area && `${t('area')}: ${area}`, query.get('behind') && t('only_behind'), query.get('open') && t('only_open_targets')].filter(Boolean).join(' · ');
}

/* The newest value, beside its plan. Of a target without an indicator the two numbers that it has. */
function Newest({ course }: { course: Course }) {
  if (course.latest === undefined) return <span class="quiet">{course.better === undefined && course.reached !== undefined ? withUnit(course.reached, course) : t('value_none')}</span>;
  return <div><strong>{withUnit(course.value, course)}</strong> <span class="quiet">({showPeriod(course.latest)})</span>{course.planned !== undefined && <p class="quiet">{t('planned').toLowerCase()} {showFigure(course.planned)} · {signed(course.deviation ?? 0)}</p>}{course.met !== undefined && <p><Mark of={metWords(course.met)} /></p>}</div>;
}

function Forecast({ course }: { course: Course }) {
  if (course.forecast === undefined) return <span class="quiet">—</span>;
  return <div>{withUnit(course.forecast, course)}{course.will_be_met !== undefined && <p><Mark of={willWords(course.will_be_met)} /></p>}</div>;
}

function Owed({ course }: { course: Course }) {
  if (!lackingWords(course) && course.value_owed === undefined) return <></>;
  return <div>{lackingWords(course) && <p class="warn">{lackingWords(course)}</p>}{course.value_owed && <p class="quiet">{owedWords(course)}</p>}</div>;
}

function TargetTable({ courses, words }: { courses: Course[]; words: string }) {
  return (
    <Listed count={courses.length} words={words} none="no_targets" sort="tasks targets" heads={['reference', 'title', 'lead', 'value_newest', 'goal', 'forecast', 'values_owed']}>
      {courses.map((one) => (
        <tr key={one.task} data-target={one.reference} class={isBehind(one) ? 'row-overdue' : ''}>
          <th scope="row"><Link to={one.better === undefined ? `/tasks/${one.task}` : courseOf(one.task)}>{one.reference}</Link></th>
          <td class="wide"><Link class="plain-link" tabIndex={-1} to={one.better === undefined ? `/tasks/${one.task}` : courseOf(one.task)}>{one.title}</Link></td>
          <td data-label={t('lead')}><AgencyName id={one.lead} /></td>
          <td data-label={t('value_newest')}><Newest course={one} /></td>
          <td data-label={t('goal')}><div>{withUnit(one.target, one)}{one.due !== undefined && <p class="quiet keep">{t('due').toLowerCase()} {showDue(one.due, one.due_day)}</p>}</div></td>
          <td data-label={t('forecast')}><Forecast course={one} /></td>
          <td data-label={t('values_owed')}><Owed course={one} /></td>
        </tr>
      ))}
    </Listed>
  );
}

const yesNo = (is: boolean | undefined, of: (is: boolean) => { words: string }): string => (is === undefined ? '' : of(is).words);

function listRows(courses: Course[]): (string | number | undefined)[][] {
  const head = [t('reference'), t('title'), t('lead'), t('state'), t('unit'), t('value_newest'), t('value_period'), t('planned'), t('deviation'), t('assessment'), t('goal'), t('due'), t('forecast'), t('assessment'), t('value_is_missing'), t('value_is_owed')];
  return [head, ...courses.map((one) => [one.reference, one.title, agencyName(one.lead), term('state', one.state), one.unit, one.value ?? one.reached, showPeriod(one.latest), one.planned, one.deviation, yesNo(one.met, metWords), one.target, showDue(one.due, one.due_day), one.forecast,
    yesNo(one.will_be_met, willWords), lacking(one).map(showPeriod).join(', '), showPeriod(one.value_owed)])];
}

function List() {
  const { query } = usePlace(), filter = filterOf(query), search = fold((query.get('search') ?? '').trim());
  const loaded = useLoad(() => readAll<Course>('target_list', 'targets', filter), `targets:${JSON.stringify(filter)}`);
  const courses = (loaded.data?.items ?? []).filter((one) => !search || fold(`${one.reference} ${one.title}`).includes(search)).sort((a, b) => Number(isBehind(b)) - Number(isBehind(a)) || a.task - b.task);
  return (
    <>
      <Title aside={<button type="button" disabled={!courses.length} title={t('open_csv')} onClick={() => download(`chi-tieu-${today()}.csv`, csv(listRows(courses)))}>{t('csv')}</button>}>{t('targets')}</Title>
      <Filters query={query} />
      {described(query) && <p class="print-only">{described(query)}</p>}
      <When loaded={loaded}>{() => <TargetTable courses={courses} words={t('count_targets', { n: courses.length, m: courses.filter(isBehind).length })} />}</When>
    </>
  );
}

/* ---- one ---- */

const NONE = '—', figureOf = (value: number | undefined): string => (value === undefined ? NONE : showFigure(value));

function Figure({ word, value, unit, sort, children }: { word: Word; value: string; unit?: string; sort: string; children: preact.ComponentChildren }) {
  return <div class={`figure figure-${sort}`}><span class="name">{t(word)}</span><span class="value">{value}{unit && value !== NONE && <small> {unit}</small>}</span><span class="below">{children}</span></div>;
}

function Figures({ course }: { course: Course }) {
  return (
    <div class="figures course-figures">
      <Figure word="value_newest" value={figureOf(course.value)} unit={course.unit} sort={course.met === false ? 'red' : 'blue'}>
        {course.latest === undefined ? t('value_none') : <>{showPeriod(course.latest)}{course.planned !== undefined && ` · ${t('planned').toLowerCase()} ${showFigure(course.planned)} (${signed(course.deviation ?? 0)})`} {course.met !== undefined && <Mark of={metWords(course.met)} />}</>}</Figure>
      {isAmount(course) && <Figure word="values_together" value={figureOf(course.reached)} unit={course.unit} sort="blue">{t('counting_amount')}</Figure>}
      <Figure word="goal" value={figureOf(course.target)} unit={course.unit} sort="green">{[course.due !== undefined && `${t('due').toLowerCase()} ${showDue(course.due, course.due_day)}`, indicatorWords(course)].filter(Boolean).join(' · ')}</Figure>
      <Figure word="course_trend" value={course.trend === undefined ? NONE : signed(course.trend)} unit={course.unit} sort="blue">{t(course.trend === undefined ? 'trend_none' : 'trend_a_period')}</Figure>
      <Figure word="forecast" value={figureOf(course.forecast)} unit={course.unit} sort={course.will_be_met === false ? 'red' : 'blue'}>{course.forecast === undefined ? t('forecast_none') : t('forecast_help')} {course.will_be_met !== undefined && <Mark of={willWords(course.will_be_met)} />}</Figure>
    </div>
  );
}

/* Its lead reports, so that the officer's name says more. */
const who = (record: Rec): string => `${showMoment(record.time)}, ${record.officer || agencyName(record.actor)}`;

/* What became of a period. */
function Became({ row, course }: { row: Row; course: Course }) {
  if (row.value !== undefined) return row.met === undefined ? <span class="quiet">{t('no_plan')}</span> : <Mark of={metWords(row.met)} />;
  if (row.missing) return <Mark of={{ sort: 'overdue', words: t('value_is_missing') }} />;
  if (row.owed) return <div><Mark of={{ sort: 'due_soon', words: t('value_is_owed') }} /> <span class="quiet">{t('value_by', { day: showDue(course.report_due) })}</span></div>;
  return <span class="quiet">{t('value_to_come')}</span>;
}

function Told({ row }: { row: Row }) {
  return (
    <div>
      {row.told.map((record) => (
        <div key={record.seq} class="told">{record.measured?.was !== undefined && <><span class="how how-due_soon">{t('value_corrected')}</span> {showFigure(record.measured.was)} → {showFigure(record.measured.value)} · </>}{who(record)}{record.note && <q>{record.note}</q>}</div>
      ))}
    </div>
  );
}

function Periods({ course, rows }: { course: Course; rows: Row[] }) {
  const amount = isAmount(course), heads: Word[] = ['value_period', 'planned', 'value_of_period', 'deviation', ...(amount ? (['values_together'] as Word[]) : []), 'assessment', 'value_reported'];
  const figure = (value: number | undefined): string => (value === undefined ? '' : showFigure(value));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('by_period')}><table class="list tasks periods">
      <thead><tr>{heads.map((head) => <th scope="col" key={head}>{t(head)}</th>)}</tr></thead>
      <tbody>{[...rows].reverse().map((row) => (
        <tr key={row.period} data-period={row.period} data-corrected={corrected(row) || undefined} class={row.met === false || (row.missing && row.value === undefined) ? 'row-overdue' : row.owed && row.value === undefined ? 'row-due_soon' : ''}>
          <th scope="row">{capital(showPeriod(row.period))}</th>
          <td data-label={t('planned')}>{figure(row.planned)}</td>
          <td data-label={t('value_of_period')}>{row.value !== undefined && <div><b>{figure(row.value)}</b>{row.denominator !== undefined && <span class="quiet"> ({figure(row.numerator)}/{figure(row.denominator)})</span>}</div>}</td>
          <td data-label={t('deviation')}>{row.deviation === undefined ? '' : signed(row.deviation)}</td>
          {amount && <td class="keep" data-label={t('values_together')}>{figure(row.reached)}{row.together !== undefined && row.reached !== undefined && <span class="quiet"> / {figure(row.together)}</span>}</td>}
          <td data-label={t('assessment')}><Became row={row} course={course} /></td>
          <td data-label={t('value_reported')}>{row.told.length > 0 && <Told row={row} />}</td>
        </tr>
      ))}</tbody>
    </table></div>
  );
}

function seriesRows({ course, rows }: Followed): (string | number | undefined)[][] {
  const head = [t('value_period'), t('planned'), t('value_of_period'), t('numerator'), t('denominator_of'), t('deviation'), t('assessment'), t('values_together'), t('value_reported'), t('value_corrected')];
  return [head, ...rows.map((row) => [showPeriod(row.period), row.planned, row.value, row.numerator, row.denominator, row.deviation, row.value === undefined && row.missing ? t('value_is_missing') : yesNo(row.met, metWords), isAmount(course) ? row.reached : undefined,
    row.time === undefined ? undefined : showMoment(row.time), row.told.filter(({ measured }) => measured?.was !== undefined).map((record) => `${record.measured?.was} → ${record.measured?.value} (${who(record)})`).join('; ')])];
}

function One({ task }: { task: number }) {
  const loaded = useLoad(() => readCourse(task), `target:${task}`);
  return (
    <When loaded={loaded}>{(followed) => {
      const { course, rows, may } = followed, reports = may.includes('report') && mayAct();
      return (
        <>
          <Title sub={<><State of={course.state} /> {[agencyName(course.lead), course.reporting && capital(term('period', course.reporting)), course.unit && `${t('unit')}: ${course.unit}`].filter(Boolean).join(' · ')}</>}
            aside={<>{reports && <Link class="button main" to={`/tasks/${task}?act=report`}>{t('report_value')}</Link>} <Link class="button" to={`/tasks/${task}`}>{t('the_task')}</Link> <button type="button" title={t('open_csv')} onClick={() => download(`chi-tieu-${course.reference.replace(/[^\w.-]+/g, '-')}-${today()}.csv`, csv(seriesRows(followed)))}>{t('csv')}</button> <button type="button" onClick={() => window.print()}>{t('print_page')}</button></>}>{`${course.reference} · ${course.title}`}</Title>
          <Figures course={course} />
          {(lackingWords(course) || course.value_owed) && <p class={lackingWords(course) ? 'draft owed' : 'owed'}>{[lackingWords(course), course.value_owed && owedWords(course)].filter(Boolean).join(' · ')}</p>}
          <section><h2>{t('course')}</h2>{rows.length ? <Drawing course={course} rows={rows} /> : <p class="quiet">{t('course_none')}</p>}</section>
          {rows.length > 0 && <section><h2>{t('by_period')}</h2><Periods course={course} rows={rows} /></section>}
          <p class="no-print"><Link to="/targets">{t('all_targets')}</Link></p>
        </>
      );
    }}</When>
  );
}

export function TargetsPage() {
  const task = Number(usePlace().query.get('task'));
  return task > 0 ? <One key={task} task={task} /> : <List />;
}
