/* The documents that tasks come from; and of one, which of its paragraphs are carried out by which tasks, how these stand, and
 * which by none. The address says which document, which paragraph and which number the tasks below are those of. */
import { readAll } from '../api';
import { behind, COUNTS, readCoverage, type Count, type Coverage, type Row } from '../coverage';
import { showDay } from '../dates';
import { useLoad } from '../load';
import { AgencyName } from '../names';
import { Force, paperWords } from '../parts/cited';
import { Due, How, Listed, State, Title, When } from '../parts/common';
import { address, go, Link, usePlace } from '../router';
import { capital, term, termsOf } from '../terms';
import type { Citing, Paper } from '../types';
import { t, type Word } from '../words';

const HEADS: Record<Count, Word> = { tasks: 'all_count', open: 'open_count', overdue: 'overdue', submitted: 'to_confirm', completed: 'done_count', late: 'late' };

/* ---- all ---- */

function List() {
  const { query } = usePlace(), kind = query.get('kind') ?? '', force = query.get('force') ?? '';
  const loaded = useLoad(() => readAll<Paper>('document_list', 'documents', { ...(kind ? { kinds: [kind] } : {}), ...(force ? { forces: [force] } : {}) }), `documents:${kind}:${force}`);
  const select = (name: string, label: Word, vocabulary: string, value: string) => (
    <div class="field"><label for={`d-${name}`}>{t(label)}</label>
      <select id={`d-${name}`} value={value} onChange={(event) => go(address('/documents', { kind, force, [name]: event.currentTarget.value }), true)}><option value="">{t('any')}</option>{termsOf(vocabulary).map((one) => <option key={one} value={one}>{capital(term(vocabulary, one))}</option>)}</select></div>
  );
  return (
    <>
      <Title>{t('papers')}</Title>
      <form class="filters no-print" onSubmit={(event) => event.preventDefault()}>{select('kind', 'kind', 'paper', kind)}{select('force', 'force', 'force', force)}</form>
      <When loaded={loaded}>{({ items }) => (
        <Listed count={items.length} words={t('count_documents', { n: items.length })} none="no_papers" sort="tasks papers" heads={['document', 'title', 'kind', 'issuer', 'issued', 'force']}>
          {items.map((one) => (
            <tr key={one.document}>
              <th scope="row"><Link to={address('/documents', { document: one.document })}>{one.document}</Link></th>
              <td class="wide"><Link class="plain-link" tabIndex={-1} to={address('/documents', { document: one.document })}>{one.title}</Link></td>
              <td data-label={t('kind')}>{capital(term('paper', one.kind))}</td>
              <td data-label={t('issuer')}><AgencyName id={one.issuer} /></td>
              <td data-label={t('issued')} class="keep">{showDay(one.issued)}</td>
              <td data-label={t('force')}>{capital(term('force', one.force))}{one.replaced_by && <> · <Link to={address('/documents', { document: one.replaced_by })}>{one.replaced_by}</Link></>}</td>
            </tr>
          ))}
        </Listed>
      )}</When>
    </>
  );
}

/* ---- one ---- */

/* Each number leads to its tasks below. */
function Figure({ coverage, row, count, task }: { coverage: Coverage; row: Row | null; count: Count; task: string | null }) {
  const value = (row ?? coverage.total)[count], grave = (count === 'overdue' || count === 'late') && value > 0;
  const to = address('/documents', { document: coverage.document.document, task: task ?? undefined, count, paragraph: row ? (row.paragraph ?? '-') : undefined });
  return <td data-label={t(HEADS[count])} data-of={count} class={grave ? 'grave' : value ? '' : 'zero'}>{value ? <Link to={to}>{value}</Link> : 0}</td>;
}

function Paragraphs({ coverage, task }: { coverage: Coverage; task: string | null }) {
  return (
    <div class="scroll">
      <table class="list numbers agencies coverage">
        <thead><tr><th scope="col">{t('paragraph')}</th>{COUNTS.map((name) => <th scope="col" key={name}>{t(HEADS[name])}</th>)}</tr></thead>
        <tbody>{coverage.rows.map((row) => (
          <tr key={row.paragraph ?? ''} data-paragraph={row.paragraph ?? '-'} class={row.paragraph && !row.missing && !row.tasks ? 'uncovered' : ''}>
            <th scope="row"><b>{row.paragraph ?? t('no_paragraph')}</b> {row.missing ? <span class="warn">{t('missing_paragraph')}</span> : row.text}{row.paragraph && !row.missing && !row.tasks && <> <span class="how how-overdue">{t('by_none')}</span></>}</th>
            {COUNTS.map((name) => <Figure key={name} coverage={coverage} row={row} count={name} task={task} />)}
          </tr>
        ))}</tbody>
        <tfoot><tr data-paragraph="total"><th scope="row">{t('total')}</th>{COUNTS.map((name) => <Figure key={name} coverage={coverage} row={null} count={name} task={task} />)}</tr></tfoot>
      </table>
    </div>
  );
}

function Tasks({ tasks }: { tasks: Citing[] }) {
  if (!tasks.length) return <p class="empty">{t('none_match')}</p>;
  return (
    <div class="scroll"><table class="list tasks">
      <thead><tr><th scope="col">{t('reference')}</th><th scope="col">{t('title')}</th><th scope="col">{t('lead')}</th><th scope="col">{t('due')}</th><th scope="col">{t('state')}</th><th scope="col">{t('paragraph')}</th></tr></thead>
      <tbody>{tasks.map((task) => (
        <tr key={task.task} class={`row-${task.timeliness}`}>
          <th scope="row"><Link to={`/tasks/${task.task}`}>{task.reference}</Link></th>
          <td class="wide"><Link class="plain-link" tabIndex={-1} to={`/tasks/${task.task}`}>{task.title}</Link></td>
          <td data-label={t('lead')}><AgencyName id={task.lead} /></td>
          <td data-label={t('due')} class="keep"><Due task={task} /> <How of={task.timeliness} /></td>
          <td data-label={t('state')}><div><State of={task.state} />{task.percent !== undefined && ` ${task.percent}%`}
            <p class="quiet">{[task.open_escalations && t('count_escalations', { n: task.open_escalations }), ...(task.asks ?? []).map((one) => `${t('asks_for')}: ${term('asking', one)}`), task.parts && t('parts_open', { n: task.open_parts ?? 0, m: task.parts }), task.answer && term('answering', task.answer)].filter(Boolean).join(' · ')}</p></div></td>
          <td data-label={t('paragraph')}>{task.paragraphs?.join(', ')}</td>
        </tr>
      ))}</tbody>
    </table></div>
  );
}

function One({ document }: { document: string }) {
  const { query } = usePlace(), task = query.get('task'), paragraph = query.get('paragraph'), count = COUNTS.find((one) => one === query.get('count')) ?? 'tasks';
  const loaded = useLoad(() => readCoverage(document, numberOf(task)), `coverage:${document}:${task ?? ''}`);
  return (
    <When loaded={loaded}>{(coverage) => {
      const paper = coverage.document, none = coverage.rows.filter((one) => one.paragraph && !one.missing && !one.tasks).length, shown = behind(coverage, count, paragraph);
      return (
        <>
          <Title sub={<>{paperWords(paper)} · {capital(term('force', paper.force))} <Force of={paper} /></>} aside={<><Link class="button" to="/documents">{t('papers')}</Link> <button type="button" onClick={() => window.print()}>{t('print_page')}</button></>}>{paper.title === paper.document ? paper.title : `${paper.document} · ${paper.title}`}</Title>
          {paper.replaced_by && <p class="draft">{t('replaced_by')}: <Link to={address('/documents', { document: paper.replaced_by })}>{paper.replaced_by}</Link></p>}
          <section><h2>{t('coverage')}{none > 0 && <> <span class="how how-overdue">{t('none_of', { n: none, m: coverage.rows.filter((one) => one.paragraph && !one.missing).length })}</span></>}</h2><Paragraphs coverage={coverage} task={task} /></section>
          <section><h2>{paragraph === null ? t('tasks') : paragraph === '-' ? t('no_paragraph') : `${t('paragraph')} ${paragraph}`} · {t(HEADS[count])}</h2>
            <p class="counted" role="status" data-count={shown.length} data-of={count} data-paragraph={paragraph ?? 'total'}>{t('count', { n: shown.length })}{(paragraph !== null || count !== 'tasks') && <> · <Link to={address('/documents', { document, task: task ?? undefined })}>{t('show_all')}</Link></>}</p>
            <Tasks tasks={shown} /></section>
        </>
      );
    }}</When>
  );
}
const numberOf = (text: string | null): number | undefined => (text ? parseInt(text, 10) || undefined : undefined);

export function DocumentsPage() {
  const document = usePlace().query.get('document');
  return document ? <One key={document} document={document} /> : <List />;
}
