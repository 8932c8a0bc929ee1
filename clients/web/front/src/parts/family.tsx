/* The tasks that a task is made of, by their weights, and those that it waits for. */
import { ApiError, read, readAll } from '../api';
import { useLoad } from '../load';
import { AgencyName } from '../names';
import type { Task, TaskReply } from '../types';
import { t } from '../words';
import { Due, How, Progress, State, TaskLink } from './common';

/* How much of the whole a part is: what is cancelled counts for nothing. */
function share(part: Task, parts: Task[]): string {
  const weight = (one: Task): number => (one.state === 'cancelled' ? 0 : (one.weight ?? 1)), all = parts.reduce((sum, one) => sum + weight(one), 0);
  return all && weight(part) ? `${Math.round((100 * weight(part)) / all)} %` : '—';
}

export function Parts({ of }: { of: Task }) {
  const { data } = useLoad(() => readAll<Task>('task_list', 'tasks', { parent: of.task }), `parts:${of.task}`);
  if (!data?.items.length && of.parts_percent === undefined) return null;
  const parts = data?.items ?? [], isOpen = (one: Task): boolean => one.state !== 'completed' && one.state !== 'cancelled';
  const hides = (of.open_parts ?? 0) > parts.filter(isOpen).length; // then the shares are not known
  return (
    <section class="parts"><h2>{t('parts')}</h2>
      {of.parts_percent !== undefined && <p class="together"><progress max={100} value={of.parts_percent} aria-label={t('parts_progress')} /> <strong>{of.parts_percent} %</strong> <span class="quiet">{t('parts_together')}{of.open_parts ? ` · ${t('open_parts', { n: of.open_parts })}` : ''}{data && hides ? ` · ${t('parts_hidden')}` : ''}</span></p>}
      {parts.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t('parts')}><table class="list">
          <thead><tr><th scope="col">{t('reference')}</th><th scope="col">{t('title')}</th><th scope="col">{t('lead')}</th><th scope="col">{t('due')}</th><th scope="col">{t('state')}</th><th scope="col">{t('weight_short')}</th></tr></thead>
          <tbody>{parts.map((part) => (
            <tr key={part.task} class={`row-${part.timeliness}`}>
              <th scope="row"><TaskLink task={part} /></th><td class="wide">{part.title}</td><td data-label={t('lead')}><AgencyName id={part.lead} /></td>
              <td class="keep" data-label={t('due')}><Due task={part} /> <How of={part.timeliness} /></td><td class="keep" data-label={t('state')}><State of={part.state} /> <Progress task={part} /></td>
              <td class="keep" data-label={t('weight_short')} data-weight={part.weight ?? 1}>{part.weight ?? 1}{!hides && <span class="quiet"> ({share(part, parts)})</span>}</td>
            </tr>
          ))}</tbody>
        </table></div>
      )}
    </section>
  );
}

/* One that this agency may not read is named by its number alone. */
async function readAny(task: number): Promise<Task | number> {
  try {
    return (await read<TaskReply>('task_get', { task })).task;
  } catch (error) {
    if (error instanceof ApiError && error.name === 'task_unknown') return task;
    throw error;
  }
}

export function Waits({ of }: { of: Task }) {
  const ids = of.waits_for ?? [];
  const { data } = useLoad(() => Promise.all(ids.map(readAny)), `waits:${of.task}:${ids.join()}`);
  if (!ids.length) return null;
  const isHeld = (id: number): boolean => !!of.held_up?.includes(id);
  return (
    <section class="waits"><h2>{t('waits_section')} {of.held_up?.length ? <span class="count">{of.held_up.length}</span> : null}</h2>
      <ul>
        {(data ?? ids).map((one) => (typeof one === 'number'
          ? <li key={one} data-task={one}>#{one} · {t(isHeld(one) ? 'not_ended' : 'has_ended')}</li>
          : <li key={one.task} data-task={one.task}><TaskLink task={one} /> {one.title} · <AgencyName id={one.lead} /> · <State of={one.state} /> <How of={one.timeliness} />{isHeld(one.task) && <span class="warn"> {t('not_ended')}</span>}</li>))}
      </ul>
    </section>
  );
}
