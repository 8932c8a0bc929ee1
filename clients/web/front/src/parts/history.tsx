/* The records of a task, newest first, each as a sentence and the words that came with it. */
import { showDay, showDayOf, showDue, showMoment } from '../dates';
import { agencyName, agencyNames } from '../names';
import { showFigure, showPeriod } from '../periods';
import { wishWords } from '../requests';
import { capital, term } from '../terms';
import type { Rec } from '../types';
import { inVietnamese, t } from '../words';
import { EvidenceList } from './evidence';

/* What a change of the contents changed, by the names of its fields. */
const CONTENT = ['title', 'description', 'document', 'paragraph', 'cooperating', 'supervisor', 'observers', 'priority', 'area', 'tags', 'target', 'scope', 'reporting', 'kind'] as const;

function facts(record: Rec): string[] {
  const said: string[] = [];
  if (record.value_missing) said.push(t('value_missing', { period: showPeriod(record.value_missing) }));
  if (record.record === 'rung') {
    if (record.deadline) said.push(capital(term('deadline', record.deadline)) + (record.due !== undefined && record.deadline === 'completion' ? ` ${showDay(record.due_day)}` : ''));
    if (record.level) said.push(t('level', { n: record.level }));
    said.push(record.to?.length ? t('sent_to', { who: agencyNames(record.to) }) : t('sent_to_none'));
    return said;
  }
  if (record.percent !== undefined) said.push(`${record.percent}%`);
  if (record.measured) said.push(t('value_told', { period: showPeriod(record.measured.period), n: showFigure(record.measured.value) }) + (record.measured.was !== undefined ? ` (${t('value_was', { n: showFigure(record.measured.was) })})` : ''));
  if (record.value !== undefined) said.push(`${t('reached')}: ${showFigure(record.value)}`);
  if (record.action === 'assign' || record.action === 'reassign') said.push(`${t('lead')}: ${agencyName(record.lead)}`);
  const setsDue = record.action === 'amend' ? 'due' in ((record.content as object | undefined) ?? {}) : ['assign', 'reassign', 'resume'].includes(record.action ?? '');
  if (record.due_day && setsDue) said.push(`${t('due')}: ${showDay(record.due_day)}`);
  if (record.asked) said.push(wishWords(record.asked.asking, record.asked.granted ?? record.asked.wanted));
  if (record.until !== undefined && record.action === 'suspend') said.push(`${t('until')} ${showDue(record.until)}`);
  if (record.answer) said.push(capital(term('answering', record.answer)), ...(record.passed_to ? [t('passed_on_to', { who: agencyName(record.passed_to) })] : []));
  said.push(...asking(record));
  if (record.record === 'due_moved') said.push(`${record.counted?.was ? `${showDayOf(record.counted.was - 1)} → ` : ''}${showDay(record.due_day)}`);
  if (withDocument(record) && record.action === 'amend') said.push(t('document_now', { what: [record.content?.document, ...((record.content?.paragraphs as string[] | undefined) ?? [])].join(', ') }));
  else if (record.action === 'amend' && record.content) said.push(...CONTENT.filter((name) => name in (record.content as object)).map((name) => t(name)));
  if (record.action === 'escalate' || record.action === 'acknowledge') said.push(t('level', { n: record.level ?? 1 }), ...(record.addressed ? [t('sent_to', { who: agencyNames(record.addressed) })] : []));
  return said;
}

/* The task was taken along, or ended, when its document was replaced: nobody asked for that by itself. */
const withDocument = (record: Rec): boolean =>
  record.action === 'amend' ? !record.actor && 'document' in ((record.content as object | undefined) ?? {}) : record.action === 'cancel' && !record.request;

/* What was asked of whom, by when, and of whom nothing came. */
interface Asking { question?: { due: number; due_day?: string }; opinions?: { agency: string; state: string }[] }

function asking(record: Rec): string[] {
  const { question, opinions } = record as Rec & Asking;
  if (!question) return [];
  const whom = record.action === 'opine' ? '' : agencyNames((opinions ?? []).map((one) => one.agency));
  return [...(whom ? [whom] : []), t('opinion_by', { day: question.due_day ? showDay(question.due_day) : showDayOf(question.due - 1) })];
}

/* What it was. Of some records the notice has another meaning elsewhere: `overdue` is also an opinion that did not come. */
export function deed(record: Rec): string {
  if (withDocument(record)) return t(record.action === 'amend' ? 'document_moved' : 'document_ended');
  if (record.action) return capital(term('action', record.action));
  if (record.record === 'unanswered') return t(record.notice === 'overdue' ? 'no_opinion' : 'owed_no_more');
  if (record.record === 'handed_on') return capital(term('record', record.record));
  return capital(record.notice ? term('notice', record.notice) : term('record', record.record));
}

export function Entry({ record }: { record: Rec }) {
  const what = deed(record);
  const told = record.record === 'rung' && !record.to?.length;
  return (
    <li class={`entry entry-${record.record} severity-${record.severity ?? 'info'}${told ? ' untold' : ''}`}>
      <time dateTime={new Date(record.time).toISOString()}>{showMoment(record.time)}</time>
      <div>
        <p><strong>{what}</strong>{record.actor && <> · {agencyName(record.actor)}{record.stand_in && ` (${t('stood_in', { who: agencyName(record.stand_in) })})`}{record.officer ? ` (${record.officer})` : ''}</>}</p>
        {facts(record).length > 0 && <p class="facts">{facts(record).join(' · ')}</p>}
        {record.note && <blockquote>{record.note}</blockquote>}
        {record.evidence_files && record.evidence_files.length > 0 && <EvidenceList files={record.evidence_files} />}
        {!inVietnamese() && record.record === 'rung' && record.reason && <p class="facts">{record.reason}</p>}
      </div>
    </li>
  );
}

export function History({ records, more, onMore }: { records: Rec[]; more: boolean; onMore(): void }) {
  return (
    <>
      <ol class="history" reversed>{records.map((record) => <Entry key={record.seq} record={record} />)}</ol>
      {more && <button type="button" onClick={onMore}>{t('older')}</button>}
    </>
  );
}
