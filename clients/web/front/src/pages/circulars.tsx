/* The circulars of this agency: of each how many have read it; and of one who has, who has not, and who is late. */
import { readAll } from '../api';
import { showDay, showMoment } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName } from '../names';
import { Due, How, Listed, Title, When } from '../parts/common';
import { address, Link, usePlace } from '../router';
import { agencies, me } from '../session';
import type { Task } from '../types';
import { t, type Word } from '../words';

const COUNTS = ['sent', 'read', 'late', 'unread', 'overdue', 'withdrawn'] as const;
type Count = (typeof COUNTS)[number];
const HEADS: Record<Count, Word> = { sent: 'sent_count', read: 'read_count', late: 'read_late', unread: 'unread_count', overdue: 'overdue', withdrawn: 'withdrawn_count' };
/* As `coordctl circular` counts. */
const OF: Record<Count, (task: Task) => boolean> = {
  sent: () => true, read: (task) => task.state === 'completed', late: (task) => task.state === 'completed' && task.timeliness === 'late', unread: (task) => task.state !== 'completed' && task.state !== 'cancelled',
  overdue: (task) => task.timeliness === 'overdue', withdrawn: (task) => task.state === 'cancelled',
};

/* What those have in common that went to several: REFERENCE of REFERENCE/LEAD. */
function base(reference: string): string {
  const slash = reference.lastIndexOf('/');
  return slash > 0 && agencies.get().has(reference.slice(slash + 1)) ? reference.slice(0, slash) : reference;
}

interface Circular { reference: string; title: string; assigned: number; due?: number; due_day?: string; tasks: Task[] }

function gathered(tasks: Task[]): Circular[] {
  const all = new Map<string, Circular>();
  for (const task of tasks) {
    const reference = base(task.reference), there = all.get(reference);
    if (there) there.tasks.push(task);
    else all.set(reference, { reference, title: task.title ?? '', assigned: task.assigned, due: task.due, due_day: task.due_day, tasks: [task] });
  }
  return [...all.values()].sort((a, b) => b.assigned - a.assigned);
}

function Cell({ circular, count }: { circular: Circular; count: Count }) {
  const value = circular.tasks.filter(OF[count]).length;
  return <td data-label={t(HEADS[count])} data-of={count} class={count === 'overdue' && value ? 'grave' : value ? '' : 'zero'}>{value ? <Link to={address('/circulars', { reference: circular.reference, which: count })}>{value}</Link> : 0}</td>;
}

function List({ circulars }: { circulars: Circular[] }) {
  return (
    <Listed count={circulars.length} words={t('count_circulars', { n: circulars.length })} none="no_circulars" sort="numbers agencies circulars" heads={['circular', ...COUNTS.map((name) => HEADS[name])]}>
      {circulars.map((one) => (
        <tr key={one.reference} data-circular={one.reference}>
          <th scope="row"><Link to={address('/circulars', { reference: one.reference })}>{one.reference}</Link> {one.title}<p class="quiet">{showMoment(one.assigned)}{one.due !== undefined && ` · ${t('due')} ${showDay(one.due_day)}`}</p></th>
          {COUNTS.map((name) => <Cell key={name} circular={one} count={name} />)}
        </tr>
      ))}
    </Listed>
  );
}

function One({ circular, which }: { circular: Circular; which: Count }) {
  const shown = circular.tasks.filter(OF[which]);
  return (
    <>
      <nav class="choices" aria-label={t('which')}>{COUNTS.map((name) => <Link key={name} class="button small" aria-current={name === which ? 'true' : undefined} to={address('/circulars', { reference: circular.reference, which: name })}>{t(HEADS[name])}: {circular.tasks.filter(OF[name]).length}</Link>)}</nav>
      <p class="counted" role="status" data-count={shown.length}>{t('count_agencies', { n: shown.length })}</p>
      <div class="scroll"><table class="list tasks readers">
        <thead><tr><th scope="col">{t('agency')}</th><th scope="col">{t('read_at')}</th><th scope="col">{t('due')}</th><th scope="col">{t('reference')}</th></tr></thead>
        <tbody>{shown.map((task) => (
          <tr key={task.task} data-agency={task.lead} class={`row-${task.timeliness}`}>
            <th scope="row"><AgencyName id={task.lead} /></th>
            <td data-label={t('read_at')}>{task.state === 'completed' ? showMoment(task.closed ?? 0) : <span class={`how ${task.state === 'cancelled' ? '' : 'how-due_soon'}`}>{t(task.state === 'cancelled' ? 'withdrawn_count' : 'not_read')}</span>}</td>
            <td data-label={t('due')} class="keep"><Due task={task} /> <How of={task.timeliness} /></td>
            <td data-label={t('reference')}><Link to={`/tasks/${task.task}`}>{task.reference}</Link></td>
          </tr>
        ))}</tbody>
      </table></div>
    </>
  );
}

export function CircularsPage() {
  const { query } = usePlace(), agency = me.get()?.agency ?? '', reference = query.get('reference'), which = COUNTS.find((one) => one === query.get('which')) ?? 'sent';
  const loaded = useLoad(async () => (await readAll<Task>('task_list', 'tasks', { agency, roles: ['assigner'], kinds: ['circular'], ...(reference ? { reference } : {}) })).items, `circulars:${reference ?? ''}`);
  return (
    <When loaded={loaded}>{(tasks) => {
      const circulars = gathered(tasks), one = reference ? circulars[0] : undefined;
      if (!reference) return <><Title sub={agencyName(agency)}>{t('circulars')}</Title><List circulars={circulars} /></>;
      return <><Title sub={one && `${t('sent_count')} ${showMoment(one.assigned)}`} aside={<Link class="button" to="/circulars">{t('circulars')}</Link>}>{`${reference} · ${one?.title ?? ''}`}</Title>{one ? <One circular={one} which={which} /> : <p class="empty">{t('no_circulars')}</p>}</>;
    }}</When>
  );
}
