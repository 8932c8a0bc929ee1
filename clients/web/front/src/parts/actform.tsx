/* The form of one action on one task: what it asks, what will happen, and one request however often it is sent. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { askedOf, asksOf, bodyOf, fieldsOf, firstFields, missing, needsOf, questionsOf, type FieldName } from '../acts';
import { ApiError, read } from '../api';
import { showDay } from '../dates';
import { useDraft } from '../draft';
import { useLoad } from '../load';
import { agencyName, agencyNames } from '../names';
import { send, waiting } from '../outbox';
import { OPINIONS, owingTo } from '../opinions';
import { periodsOf, periodWords } from '../periods';
import { askable, wishWords } from '../requests';
import { go } from '../router';
import { nameOf, placeOf } from '../standing';
import { useStore } from '../store';
import { actName, capital, term, termsOf } from '../terms';
import { toast } from '../toast';
import { useTrial } from '../trial';
import type { Policy, Task } from '../types';
import { t, type Word } from '../words';
import { Refused } from './common';
import { Consequence } from './consequence';
import { DueField } from './duefield';
import { EvidenceField } from './evidence';
import { AgencyPicker } from './picker';

const LABELS: Partial<Record<FieldName, Word>> = { note: 'note', percent: 'percent', period: 'value_period', value: 'value', numerator: 'numerator', denominator: 'denominator', title: 'title', description: 'description', priority: 'priority', level: 'escalate_level', escalation: 'which_escalation', ask: 'which_request', asking: 'asking', answer: 'answer', question: 'which_question', of: 'recall_of' };

/* What a date is, and what it means that there is none: where a request is granted, as it asks. */
function dueWords(name: 'due' | 'until', action: string, task: Task, fields: Record<string, any>): { label: string; none?: string; first?: string } {
  const wanted = action === 'grant' ? askedOf(task, fields)?.wanted : undefined, asked = name === 'due' ? wanted?.due_day : wanted?.until_day;
  const label = t(name === 'until' ? 'until' : action === 'ask' ? 'asked_due' : action === 'grant' ? 'granted_due' : 'new_due');
  if (action === 'ask') return { label, first: name === 'due' ? task.due_day : undefined };
  if (action === 'consult') return { label: t('opinion_due') };
  if (asked) return { label, none: t('as_asked', { what: showDay(asked) }), first: asked };
  return { label, none: name === 'until' ? t('until_resumed') : t('then_due_stays', { day: '' }).replace(/: $/, ''), first: task.due_day };
}

function leadLabel(action: string, task: Task, fields: Record<string, any>): string {
  if (action === 'ask') return t(fields.asking === 'return' ? 'better_lead' : 'asked_lead');
  if (action !== 'grant') return t('new_lead');
  const wanted = askedOf(task, fields)?.wanted.lead;
  return t('granted_lead', { who: wanted ? agencyName(wanted) : agencyName(task.assigner) });
}

const shortened = (text: string): string => (text.length > 90 ? `${text.slice(0, 88)}…` : text);

interface FieldProps { name: FieldName; action: string; task: Task; fields: Record<string, any>; set(more: Record<string, any>): void; needed: boolean; invalid: boolean; busy: boolean; onBusy(busy: boolean): void }

function Field({ name, action, task, fields, set, needed, invalid, busy, onBusy }: FieldProps) {
  const id = `field-${name}`, value = fields[name];
  const common = { id, required: needed, 'aria-invalid': invalid || undefined, 'aria-describedby': invalid ? `${id}-missing` : undefined };
  const input = (event: JSX.TargetedEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>): void => set({ [name]: event.currentTarget.value });
  if (name === 'agencies') return <AgencyPicker id={id} label={t('ask_whom')} value={value} many required={needed} invalid={invalid} onChange={(next) => set({ [name]: next })} all />;
  if (name === 'lead' || name === 'to' || name === 'passed_to')
    return <AgencyPicker id={id} label={name === 'lead' ? leadLabel(action, task, fields) : t(name === 'to' ? 'escalate_to' : 'passed_to')} value={value} many={name === 'to'} required={needed} invalid={invalid} onChange={(next) => set({ [name]: next })} all={name !== 'lead'} />;
  if (name === 'due' || name === 'until') return <DueField id={id} {...dueWords(name, action, task, fields)} value={value} required={needed} invalid={invalid} onChange={(next) => set({ [name]: next })} />;
  if (name === 'files') return <EvidenceField files={value} given={action === 'submit' ? (task.evidence_files ?? []) : []} most={action === 'submit' ? undefined : 4} required={needed} invalid={invalid} busy={busy} onBusy={onBusy} onChange={(change) => set({ files: change })} />;
  const label = name === 'note' && needed ? (action === 'comment' ? 'comment' : action === 'answer' ? 'answer_words' : action === 'opine' ? 'opinion_words' : action === 'consult' ? 'question_words' : 'reason') : name === 'value' && task.indicator ? 'value_of_period' : LABELS[name];
  const choice = (words: [string | number, string][], more: Record<string, unknown> = {}) => <select {...common} value={value} onChange={(event) => set({ [name]: event.currentTarget.value, ...more })}>{words.map(([one, shown]) => <option key={one} value={one}>{shown}</option>)}</select>;
  return (
    <div class={`field field-${name}`}>
      <label for={id}>{t(label as Word, { per: task.indicator?.per ?? '' })}{name === 'value' && task.unit ? ` (${task.unit})` : ''}{needed && <span class="needed"> ({t('required')})</span>}</label>
      {name === 'note' || name === 'description' ? <textarea {...common} rows={name === 'description' || action === 'answer' || action === 'opine' ? 5 : 3} maxLength={name === 'note' ? 2000 : 8000} value={value} onInput={input} />
        : name === 'percent' ? <input {...common} type="number" min={0} max={100} step={1} value={value} onInput={input} />
        : name === 'value' || name === 'numerator' || name === 'denominator' ? <input {...common} type="number" step="any" value={value} onInput={input} />
        : name === 'period' ? choice(periodsOf(task).map((one) => [one, periodWords(task, one)]))
        : name === 'level' ? <input {...common} type="number" min={1} max={9} value={value} onInput={input} />
        : name === 'priority' ? choice(termsOf('priority').map((one) => [one, capital(term('priority', one))]))
        : name === 'escalation' ? choice((task.escalations ?? []).filter((one) => !one.acknowledged && !one.closed).map((one) => [one.escalation, `${t('level', { n: one.level })} · ${agencyNames(one.to)}`]))
        : name === 'asking' ? choice(askable(task).map((one) => [one, capital(term('asking', one))]))
        : name === 'ask' ? choice(asksOf(action, task).map((one) => [one.ask, capital(wishWords(one.asking, one.wanted))]), { due: '', lead: [], until: '' })
        : name === 'question' ? choice(questionsOf(action, task).map((one) => [one.question, shortened(`${agencyName(one.by)}: ${one.note ?? ''}`)]), { of: '' })
        : name === 'of' ? choice([['', t('recall_all')], ...[...new Set(owingTo(task, Number(fields.question)).map((one) => one.agency))].map((one): [string, string] => [one, agencyName(one)])])
        : name === 'answer' ? choice([['', t('choose')], ...(action === 'opine' ? OPINIONS : termsOf('answering')).map((one): [string, string] => [one, capital(term('answering', one))])])
        : <input {...common} type="text" maxLength={500} value={value} onInput={input} />}
      {invalid && <p class="refused" id={`${id}-missing`}>{t('fill_in')}</p>}
    </div>
  );
}

/* What the address says that it is about: an escalation, a request of the lead, or what is asked for; as far as there is one. */
export interface Named { escalation?: number; ask?: number; asking?: string; question?: number }
function namedOf(action: string, task: Task, { escalation, ask, asking, question }: Named): Named {
  if (action === 'acknowledge') return task.escalations?.some((one) => one.escalation === escalation && !one.acknowledged && !one.closed) ? { escalation } : {};
  if (action === 'ask') return asking && askable(task).includes(asking) ? { asking } : {};
  if (action === 'opine' || action === 'recall') return questionsOf(action, task).some((one) => one.question === question) ? { question } : {};
  return asksOf(action, task).some((one) => one.ask === ask) ? { ask } : {};
}

export function ActForm({ action, task, about }: { action: string; task: Task; about: Named }) {
  const named = namedOf(action, task, about), which = JSON.stringify(named);
  const draft = useDraft(`${action}:${task.task}${about.ask ?? about.question ? `:${about.ask ?? about.question}` : ''}${task.stands_in_for ? `:${task.stands_in_for}` : ''}`, { ...firstFields(action, task), ...named });
  const [asked, setAsked] = useState(false), [busy, setBusy] = useState(false), [sending, setSending] = useState(false), [error, setError] = useState<ApiError | null>(null);
  const isWaiting = useStore(waiting).some((one) => one.id === draft.id);
  const heading = useRef<HTMLHeadingElement>(null);
  const fieldsNow = useRef(draft.fields);
  fieldsNow.current = draft.fields;
  const policy = useLoad<Policy | null>(async () => (task.policy ? ((await read<{ policies: Policy[] }>('policy_list', { name: task.policy })).policies[0] ?? null) : null), task.policy ?? '', false).data;
  const evidence = policy?.evidence === 'required';
  const leave = (): void => go(placeOf(task));
  useEffect(() => heading.current?.focus(), [action]);
  useEffect(() => { if (draft.restored) draft.set(named); }, [which]);

  const lacking = missing(action, task, draft.fields, evidence);
  const trial = useTrial(action, lacking.length || sending || isWaiting ? null : bodyOf(action, task, draft.fields));
  const set = (more: Record<string, any>): void => {
    fieldsNow.current = { ...fieldsNow.current, ...more }; // several files come before the form is drawn again
    draft.set(more);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    if (lacking.length) {
      document.getElementById(lacking[0] === 'files' ? 'files' : `field-${lacking[0]}`)?.focus();
      return;
    }
    setSending(true);
    setError(null);
    try {
      await send({ id: draft.id, op: action, body: JSON.stringify(bodyOf(action, task, draft.fields)), label: capital(term('action', action)), reference: task.reference });
      draft.clear();
      toast(t('done', { what: term('action', action), reference: task.reference }));
      if (action === 'opine') go('/inbox'); // the task need not be shown to it any more
      else leave();
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      if (problem.name === 'request_reused') draft.renew();
      setError(problem.name === 'conflict' ? new ApiError(problem.status, '', t('changed_meanwhile')) : problem);
    } finally {
      setSending(false);
    }
  };
  return (
    <form class="act" onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && leave()} noValidate aria-labelledby="act-title">
      <h2 id="act-title" ref={heading} tabIndex={-1}>{actName(action, task)} · {task.reference}</h2>
      {draft.restored && <p class="draft">{t('draft_restored')} <button type="button" class="plain" onClick={draft.clear}>{t('draft_drop')}</button></p>}
      <fieldset class="bare" disabled={sending}>
        {fieldsOf(action, task, draft.fields).map((name) => (
          <Field key={name} name={name} action={action} task={task} fields={draft.fields} busy={busy} onBusy={setBusy}
            set={(more) => set(name === 'files' ? { files: more.files(fieldsNow.current.files) } : more)}
            needed={needsOf(action, draft.fields).includes(name) || (name === 'files' && evidence)} invalid={asked && lacking.includes(name)} />
        ))}
      </fieldset>
      <Consequence action={action} task={task} fields={draft.fields} policy={policy} trial={trial} name={nameOf(action, task, draft.fields)} />
      <Refused error={error} />
      {isWaiting && <p class="waiting" role="status">{t('waits_for_link')}</p>}
      <div class="buttons">
        <button type="submit" class={`main${action === 'cancel' || action === 'reject' || action === 'deny' ? ' grave' : ''}`} disabled={sending || busy}>{sending ? t('sending') : actName(action, task)}</button>
        <button type="button" onClick={leave}>{t('cancel')}</button>
      </div>
    </form>
  );
}
