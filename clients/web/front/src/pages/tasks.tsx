/* Lists of tasks. The filter is the address's query, in the broker's own words: an address can be kept, sent, and linked to. */
import { useEffect, useState } from 'preact/hooks';
import { readAll } from '../api';
import { csv, download } from '../csv';
import { isoDay, showDayOf, startOf, today } from '../dates';
import { compare } from '../fold';
import { useLoad } from '../load';
import { agencyName } from '../names';
import { Search, Title, When } from '../parts/common';
import { AgencyPicker } from '../parts/picker';
import { TaskTable } from '../parts/tasktable';
import { address, go, usePlace } from '../router';
import { capital, DONE_STATES, OPEN_STATES, term, termsOf } from '../terms';
import type { Task } from '../types';
import { t, type Word } from '../words';

const PAGE = 100, SORTED_MAX = 5000;
const LISTS = ['state', 'timeliness', 'kind', 'role'] as const, WIRE: Record<string, string> = { state: 'states', timeliness: 'timeliness', kind: 'kinds', role: 'roles' };

/* The query as the broker's `task_list` takes it. `due_before` is a day, whose end counts, or a moment in milliseconds. */
export function filterOf(query: URLSearchParams): Record<string, unknown> {
  const filter: Record<string, unknown> = {};
  for (const name of LISTS) {
    const values = query.get(name)?.split(',').filter(Boolean);
    if (values?.length && (name !== 'role' || query.get('agency'))) filter[WIRE[name]] = values;
  }
  for (const name of ['agency', 'area', 'tag', 'document', 'search']) if (query.get(name)) filter[name] = query.get(name);
  if (query.get('subtree') && query.get('agency')) filter.subtree = true;
  const before = query.get('due_before');
  if (before) filter.due_before = /^\d{4}-/.test(before) ? startOf(before) + 86400000 : Number(before);
  return filter;
}

const SORTS: Record<string, (a: Task, b: Task) => number> = {
  due: (a, b) => (a.due ?? Infinity) - (b.due ?? Infinity) || a.task - b.task,
  lead: (a, b) => compare(agencyName(a.lead), agencyName(b.lead)) || a.task - b.task,
};

function Select({ name, label, query, options, none = t('any') }: { name: string; label: string; query: URLSearchParams; options: [string, string][]; none?: string }) {
  const value = query.get(name) ?? '';
  const known = options.some(([one]) => one === value) || !value;
  return (
    <div class="field">
      <label for={`filter-${name}`}>{label}</label>
      <select id={`filter-${name}`} value={value} onChange={(event) => set(query, { [name]: event.currentTarget.value })}>
        <option value="">{none}</option>
        {!known && <option value={value}>{value.split(',').map((one) => capital(term(name, one))).join(', ')}</option>}
        {options.map(([one, words]) => <option key={one} value={one}>{words}</option>)}
      </select>
    </div>
  );
}

function set(query: URLSearchParams, more: Record<string, string>): void {
  const next = { ...Object.fromEntries(query), ...more };
  go(address('/tasks', next), true);
}

function Filters({ query }: { query: URLSearchParams }) {
  const options = (vocabulary: string): [string, string][] => termsOf(vocabulary).map((one) => [one, capital(term(vocabulary, one))]);
  const given = [...query.keys()].filter((name) => name !== 'sort').length;
  const before = query.get('due_before') ?? '', beforeDay = /^\d+$/.test(before) ? isoDay(Number(before) - 1) : before;
  return (
    <form class="filters no-print" role="search" onSubmit={(event) => event.preventDefault()}>
      <Search value={query.get('search') ?? ''} onChange={(search) => set(query, { search })} />
      <Select name="state" label={t('state')} query={query} options={[[OPEN_STATES.join(','), t('open_states')], [DONE_STATES.join(','), t('done_states')], ...options('state')]} />
      <Select name="timeliness" label={t('how')} query={query} options={options('timeliness')} />
      <details class="more-filters" open={['agency', 'kind', 'area', 'tag', 'document', 'due_before'].some((name) => query.get(name))}>
        <summary>{t('filter')}{given > 0 ? ` (${given})` : ''}</summary>
        <div>
          <AgencyPicker id="filter-agency" label={t('agency')} all value={query.get('agency') ? [query.get('agency') as string] : []} onChange={([agency]) => set(query, { agency: agency ?? '', role: agency ? (query.get('role') ?? '') : '' })} />
          {query.get('agency') && <Select name="role" label={t('role')} query={query} options={options('role').filter(([role]) => !['lead_superior', 'escalated'].includes(role))} />}
          {query.get('agency') && <div class="field check"><label><input type="checkbox" checked={!!query.get('subtree')} onChange={(event) => set(query, { subtree: event.currentTarget.checked ? '1' : '' })} /> {t('subtree')}</label></div>}
          <Select name="kind" label={t('kind')} query={query} options={options('kind')} />
          <div class="field"><label for="filter-due">{t('due_before')}</label><input id="filter-due" type="date" value={beforeDay} onChange={(event) => set(query, { due_before: event.currentTarget.value })} /></div>
          {(['area', 'tag', 'document'] as const).map((name) => (
            <div class="field" key={name}><label for={`filter-${name}`}>{t(name)}</label><input id={`filter-${name}`} type="text" value={query.get(name) ?? ''} onChange={(event) => set(query, { [name]: event.currentTarget.value.trim() })} /></div>
          ))}
        </div>
      </details>
      <Select name="sort" label={t('sort')} query={query} none={t('by_number')} options={[['due', t('by_due')], ['lead', t('by_lead')]]} />
      {given > 0 && <button type="button" onClick={() => go('/tasks')}>{t('clear_filter')}</button>}
    </form>
  );
}

/* What the list is of, for paper: there the form is not seen. */
function described(query: URLSearchParams): string {
  const words = (vocabulary: string, value: string): string => value.split(',').map((one) => capital(term(vocabulary, one))).join(', ');
  const parts: [Word, string | null, (value: string) => string][] = [
    ['search', query.get('search'), (value) => `“${value}”`], ['state', query.get('state'), (value) => (value === OPEN_STATES.join(',') ? t('open_states') : value === DONE_STATES.join(',') ? t('done_states') : words('state', value))], ['how', query.get('timeliness'), (value) => words('timeliness', value)],
    ['agency', query.get('agency'), (value) => agencyName(value) + (query.get('role') ? ` (${words('role', query.get('role') ?? '')})` : '') + (query.get('subtree') ? `, ${t('subtree')}` : '')],
    ['kind', query.get('kind'), (value) => words('kind', value)], ['area', query.get('area'), (value) => value], ['tags', query.get('tag'), (value) => value], ['document', query.get('document'), (value) => value],
    ['due_before', query.get('due_before'), (value) => showDayOf(/^\d+$/.test(value) ? Number(value) - 1 : startOf(value))],
  ];
  return parts.flatMap(([word, value, show]) => (value ? [`${t(word)}: ${show(value)}`] : [])).join(' · ');
}

function rowsOf(tasks: Task[]): (string | number | undefined)[][] {
  const head = [t('reference'), t('title'), t('assigner'), t('lead'), t('cooperating'), t('supervisor'), t('state'), t('how'), t('due'), t('original_due'), t('submitted_at'), t('progress'), t('document'), t('area')];
  return [head, ...tasks.map((task) => [task.reference, task.title, agencyName(task.assigner), agencyName(task.lead), task.cooperating?.map(agencyName).join('; '), agencyName(task.supervisor), term('state', task.state),
    term('timeliness', task.timeliness), showDayOf(task.due === undefined ? undefined : task.due - 1), showDayOf(task.original_due === undefined ? undefined : task.original_due - 1), showDayOf(task.submitted), task.percent, task.document, task.area])];
}

export function TasksPage() {
  const { query } = usePlace();
  const [most, setMost] = useState(PAGE), [exporting, setExporting] = useState(false);
  const filter = filterOf(query), sort = query.get('sort') ?? '', words = JSON.stringify(filter);
  useEffect(() => setMost(PAGE), [words]);
  const loaded = useLoad(async () => {
    const wanted = SORTS[sort] ? Math.max(most, SORTED_MAX) : most;
    const found = await readAll<Task>('task_list', 'tasks', filter, wanted);
    const items = SORTS[sort] ? [...found.items].sort(SORTS[sort]) : found.items;
    return { items: items.slice(0, most), all: found.items.length, rest: found.rest, counted: !found.rest };
  }, `tasks:${words}:${sort}:${most}`);
  const save = async (): Promise<void> => {
    setExporting(true);
    try {
      const all = await readAll<Task>('task_list', 'tasks', filter);
      download(`nhiem-vu-${today()}.csv`, csv(rowsOf(SORTS[sort] ? all.items.sort(SORTS[sort]) : all.items)));
    } finally {
      setExporting(false);
    }
  };
  return (
    <>
      <Title aside={<button type="button" onClick={() => void save()} disabled={exporting} title={t('open_csv')}>{exporting ? t('exporting') : t('csv')}</button>}>{t('tasks')}</Title>
      <Filters query={query} />
      <When loaded={loaded}>{({ items, all, rest, counted }) => (
        <>
          {described(query) && <p class="print-only">{described(query)}</p>}
          <p class="counted" role="status" data-count={all}>{counted ? t('count', { n: all }) : t('count_more', { n: all })}{SORTS[sort] && rest ? ` ${t('sorted_of', { n: all })}` : ''}</p>
          {items.length ? <TaskTable tasks={items} label={t('tasks')} /> : <p class="empty">{t('none_match')}</p>}
          {(rest || items.length < all) && <button type="button" class="no-print" onClick={() => setMost(most * 3)}>{t('load_more')}</button>}
        </>
      )}</When>
    </>
  );
}
