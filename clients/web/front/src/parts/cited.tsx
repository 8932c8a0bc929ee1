/* The document that a task comes from, and what the paragraphs say that it carries out. */
import { ApiError, read } from '../api';
import { showDay } from '../dates';
import { useLoad } from '../load';
import { agencyName } from '../names';
import { address, Link } from '../router';
import { capital, term } from '../terms';
import type { Paper, Task } from '../types';
import { t } from '../words';

/* The broker need not have it, and this agency need not be allowed to read it: then its number is all that is known. */
async function find(document: string, task: number): Promise<Paper | null> {
  try {
    return (await read<{ document: Paper }>('document_get', { document, task })).document;
  } catch (error) {
    if (error instanceof ApiError && !error.retry && error.status !== 401) return null;
    throw error;
  }
}

export function Force({ of }: { of: Paper }) {
  return of.force && of.force !== 'in_force' ? <span class="how how-due_soon">{capital(term('force', of.force))}{of.replaced_by ? ` (${of.replaced_by})` : ''}</span> : null;
}

/* `Kết luận, Ban Thường vụ Huyện ủy, 28/05/2024` */
export const paperWords = (paper: Paper): string => [capital(term('paper', paper.kind)), agencyName(paper.issuer), showDay(paper.issued)].filter(Boolean).join(', ');

export function Cited({ task }: { task: Task }) {
  const { data } = useLoad(() => (task.document ? find(task.document, task.task) : Promise.resolve(null)), `document:${task.document ?? ''}:${task.task}`);
  if (!task.document || (!data && !task.paragraphs?.length)) return null; // its number stands among the details
  const text = (id: string): string | undefined => data?.paragraphs?.find((one) => one.paragraph === id)?.text;
  return (
    <section class="cited"><h2>{t('document')}</h2>
      <p><Link to={address('/documents', { document: task.document, task: String(task.task) })}>{task.document}</Link>{data && data.title !== task.document && <> · <strong>{data.title}</strong></>} {data && <Force of={data} />}</p>
      {data && <p class="quiet">{paperWords(data)}</p>}
      <dl>{(task.paragraphs ?? []).map((id) => <div key={id} data-paragraph={id}><dt>{id}</dt><dd>{text(id) ?? <span class="quiet">{t('no_text')}</span>}</dd></div>)}</dl>
    </section>
  );
}
