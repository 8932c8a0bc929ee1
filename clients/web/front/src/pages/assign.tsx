/* Giving a task: to one agency or several, by when, under which policy, and what follows from it, before it is sent. */
import { useState } from 'preact/hooks';
import { ApiError, read } from '../api';
import { countedDay, countOf, distanceWords, useCount } from '../count';
import { showDay, today } from '../dates';
import { useDraft, type Fields } from '../draft';
import { useLoad } from '../load';
import { agencyName } from '../names';
import { Refused, Title } from '../parts/common';
import { Lines, Told, Tried } from '../parts/consequence';
import { DueField } from '../parts/duefield';
import { AgencyPicker } from '../parts/picker';
import { send, waiting } from '../outbox';
import { go, Link, usePlace } from '../router';
import { me } from '../session';
import { useStore } from '../store';
import { capital, term, termsOf } from '../terms';
import { toast } from '../toast';
import { useTrial, type Trial } from '../trial';
import type { Policy } from '../types';
import { refusal, t, type Word } from '../words';

const FIRST: Fields = { reference: '', leads: [], title: '', description: '', due: '', kind: 'directive', priority: 'normal', scope: 'normal', reporting: '', policy: '', document: '', paragraph: '', area: '', tags: '', cooperating: [], supervisor: [], observers: [], backdated: false, follows: 0 };
const UNITS: Record<string, string> = { working_days: 'wd', calendar_days: 'd', working_hours: 'wh' };

function bodyOf(fields: Fields, backdated: boolean): Record<string, unknown> {
  const text = (name: string): string | undefined => fields[name].trim() || undefined;
  const tags = String(fields.tags).split(',').map((tag) => tag.trim()).filter(Boolean);
  return {
    reference: fields.reference.trim(), leads: fields.leads, policy: fields.policy || undefined, backdated: backdated || undefined,
    content: {
      kind: fields.kind, title: text('title'), description: text('description'), document: text('document'), paragraph: text('paragraph'), area: text('area'), due: fields.due || undefined,
      cooperating: fields.cooperating.length ? fields.cooperating : undefined, supervisor: fields.supervisor[0], observers: fields.observers.length ? fields.observers : undefined, priority: fields.priority,
      scope: fields.scope, reporting: fields.reporting || undefined, tags: tags.length ? tags : undefined, follows: fields.follows || undefined,
    },
  };
}

/* What an address may have filled in: of a task that comes after another. */
function firstOf(query: URLSearchParams): Fields {
  const follows = Number(query.get('follows')) || 0, kind = query.get('kind') ?? '';
  if (!follows) return FIRST;
  return { ...FIRST, follows, title: query.get('title') ?? '', leads: query.get('leads')?.split(',').filter(Boolean) ?? [], kind: termsOf('kind').includes(kind) ? kind : FIRST.kind };
}

const NEEDED = ['reference', 'leads', 'title'];
const lacking = (fields: Fields): string[] => NEEDED.filter((name) => !fields[name].length || (typeof fields[name] === 'string' && !fields[name].trim()));

function Follows({ fields, policy, isPast, trial }: { fields: Fields; policy: Policy | null; isPast: boolean; trial: Trial }) {
  const words = fields.due || policy?.due || '';
  const due = useCount(countOf(words)), unit = UNITS[policy?.accept_unit ?? 'working_days'];
  const accept = useCount(policy?.accept_within && unit ? countOf(`${policy.accept_within}${unit}`) : null).found;
  const told = [...new Set<string>([...fields.leads, ...fields.cooperating, ...fields.supervisor, ...fields.observers])].filter((one) => one !== me.get()?.agency);
  const steps = policy?.steps ?? [], levels = new Set(steps.filter((step) => step.does === 'escalate').map((step) => step.level)).size;
  const day = due.found && countedDay(words, due.found), left = due.found ? distanceWords(due.found.day, due.found.working_days) : '';
  return (
    <section class="consequence" aria-live="polite">
      <h2>{t('will_happen')}</h2>
      <ul>
        {fields.leads.length > 0 && <li>{fields.leads.length > 1 ? t('then_tasks', { n: fields.leads.length }) : t('then_one_task', { who: agencyName(fields.leads[0]) })}</li>}
        {!words ? <li>{t('then_no_due')}</li> : due.error ? <li class="warn">{refusal(due.error.name, due.error.message)}</li> : !due.found ? <li>{t('counting')}</li>
          : <li>{t(fields.due ? 'then_due' : 'policy_due', { day: day as string, left })}{isPast && <strong class="warn"> {t('due_passed')}</strong>}<Lines found={due.found} /></li>}
        {policy && <li>{t('then_policy', { name: policy.name || policy.policy })}{steps.length > 0 && ` · ${t('then_reminders', { n: steps.filter((step) => step.does === 'remind').length, m: levels })}`}</li>}
        {accept && <li>{t('then_accepts', { day: accept.due !== undefined ? countedDay(`${policy?.accept_within}wh`, accept) : showDay(accept.day) })}</li>}
        <Told agencies={told} />
        <li>{t('as_officer', { officer: me.get()?.officer || (me.get()?.user ?? ''), agency: agencyName(me.get()?.agency) })}</li>
        <Tried trial={trial} />
      </ul>
    </section>
  );
}

export function AssignPage() {
  const first = firstOf(usePlace().query);
  const { fields, set, id, clear, renew, restored } = useDraft(first.follows ? `assign:${first.follows}` : 'assign', first);
  const [asked, setAsked] = useState(false), [sending, setSending] = useState(false), [error, setError] = useState<ApiError | null>(null);
  const isWaiting = useStore(waiting).some((one) => one.id === id);
  const house = useLoad(async () => {
    const [policies, hello] = await Promise.all([read<{ policies: Policy[] }>('policy_list', { limit: 1000 }), read<{ default_policy?: string }>('hello')]);
    return { policies: policies.policies, byDefault: policies.policies.find((one) => one.policy === hello.default_policy) ?? null };
  }, 'house', false).data;
  const policy = fields.policy === 'none' ? null : fields.policy ? (house?.policies.find((one) => one.policy === fields.policy) ?? null) : (house?.byDefault ?? null);
  const isPast = /^\d{4}-/.test(fields.due) && fields.due.slice(0, 10) < today();
  const lacks = lacking(fields);
  const trial = useTrial('assign', lacks.length || sending || isWaiting ? null : bodyOf(fields, isPast));

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    if (lacks.length) {
      document.getElementById(`assign-${lacks[0]}`)?.focus();
      return;
    }
    setSending(true);
    setError(null);
    try {
      const reply = await send({ id, op: 'assign', body: JSON.stringify(bodyOf(fields, isPast)), label: capital(term('action', 'assign')), reference: fields.reference });
      clear();
      toast(t('assigned_done', { n: reply.tasks?.length ?? 1 }));
      go(reply.tasks?.length === 1 ? `/tasks/${reply.tasks[0].task}` : '/tasks');
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      if (problem.name === 'request_reused') renew();
      setError(problem);
    } finally {
      setSending(false);
    }
  };
  const text = (name: string, word: Word, most: number, rows = 0) => {
    const needed = NEEDED.includes(name), invalid = asked && lacks.includes(name);
    const common = { id: `assign-${name}`, value: fields[name], maxLength: most, required: needed, 'aria-invalid': invalid || undefined, onInput: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }) };
    return (
      <div class="field"><label for={`assign-${name}`}>{t(word)}{needed && <span class="needed"> ({t('required')})</span>}</label>
        {rows ? <textarea rows={rows} {...common} /> : <input type="text" {...common} />}{invalid && <p class="refused">{t('fill_in')}</p>}</div>
    );
  };
  const choice = (name: string, word: Word, options: [string, string][]) => (
    <div class="field"><label for={`assign-${name}`}>{t(word)}</label><select id={`assign-${name}`} value={fields[name]} onChange={(event) => set({ [name]: event.currentTarget.value })}>{options.map(([value, words]) => <option key={value} value={value}>{words}</option>)}</select></div>
  );
  const terms = (vocabulary: string): [string, string][] => termsOf(vocabulary).map((one) => [one, capital(term(vocabulary, one))]);
  const agencies = (name: string, word: Word, many: boolean, help?: string) => <AgencyPicker id={`assign-${name}`} label={t(word)} many={many} value={fields[name]} help={help} required={NEEDED.includes(name)} invalid={asked && lacks.includes(name)} onChange={(value) => set({ [name]: value })} />;
  return (
    <>
      <Title>{t('assign_task')}</Title>
      <form class="act assign" onSubmit={submit} noValidate>
        {restored && <p class="draft">{t('draft_restored')} <button type="button" class="plain" onClick={clear}>{t('draft_drop')}</button></p>}
        <fieldset class="bare grid" disabled={sending}>
          {fields.follows > 0 && <div class="field"><p class="label">{t('follows')}</p><p><Link to={`/tasks/${fields.follows}`}>#{fields.follows}</Link> <button type="button" class="plain" onClick={() => set({ follows: 0 })}>{t('remove')}</button></p></div>}
          {text('reference', 'reference', 60)}
          {agencies('leads', 'leads', true, t('leads_help'))}
          {text('title', 'title', 400, 3)}
          <DueField id="assign-due" label={t('due')} none={policy?.due ? t('due_none') : t('no_due')} value={fields.due} onChange={(due) => set({ due })} />
          {choice('policy', 'policy', [['', house?.byDefault ? t('default_policy', { name: house.byDefault.name || house.byDefault.policy }) : t('no_policy')], ...(house?.policies ?? []).map((one): [string, string] => [one.policy, one.name || one.policy]), ...(house?.byDefault ? [['none', t('no_policy')] as [string, string]] : [])])}
          {choice('kind', 'kind', terms('kind'))}
          {text('document', 'document', 80)}
          {text('paragraph', 'paragraph', 20)}
        </fieldset>
        <details class="more-filters"><summary>{t('details')}</summary>
          <fieldset class="bare grid" disabled={sending}>
            {text('description', 'description', 8000, 4)}
            {agencies('cooperating', 'cooperating', true)}
            {agencies('supervisor', 'supervisor', false)}
            {agencies('observers', 'observers', true)}
            {choice('priority', 'priority', terms('priority'))}
            {choice('scope', 'scope', terms('scope'))}
            {choice('reporting', 'reporting', [['', t('never')], ...terms('period')])}
            {text('area', 'area', 20)}
            {text('tags', 'tags', 200)}
          </fieldset>
        </details>
        <Follows fields={fields} policy={policy} isPast={isPast} trial={trial} />
        <Refused error={error} />
        {isWaiting && <p class="waiting" role="status">{t('waits_for_link')}</p>}
        <div class="buttons"><button type="submit" class="main" disabled={sending}>{sending ? t('sending') : t('assign_task')}</button><button type="button" onClick={() => history.back()}>{t('cancel')}</button></div>
      </form>
    </>
  );
}
