/* The form of one action on one task: what it asks, what will happen, and one request however often it is sent. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ACTS, bodyOf, fieldsOf, firstFields, missing, type FieldName } from '../acts';
import { ApiError, read } from '../api';
import { useDraft } from '../draft';
import { useLoad } from '../load';
import { agencyNames } from '../names';
import { send, waiting } from '../outbox';
import { go } from '../router';
import { useStore } from '../store';
import { capital, term, termsOf } from '../terms';
import { toast } from '../toast';
import type { Policy, Task } from '../types';
import { t, type Word } from '../words';
import { Refused } from './common';
import { Consequence } from './consequence';
import { DueField } from './duefield';
import { EvidenceField } from './evidence';
import { AgencyPicker } from './picker';

const LABELS: Partial<Record<FieldName, Word>> = { note: 'note', percent: 'percent', value: 'value', title: 'title', description: 'description', priority: 'priority', level: 'escalate_level', escalation: 'which_escalation' };

interface FieldProps { name: FieldName; action: string; task: Task; fields: Record<string, any>; set(more: Record<string, any>): void; needed: boolean; invalid: boolean; busy: boolean; onBusy(busy: boolean): void }

function Field({ name, action, task, fields, set, needed, invalid, busy, onBusy }: FieldProps) {
  const id = `field-${name}`, value = fields[name];
  const common = { id, required: needed, 'aria-invalid': invalid || undefined, 'aria-describedby': invalid ? `${id}-missing` : undefined };
  const input = (event: JSX.TargetedEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>): void => set({ [name]: event.currentTarget.value });
  if (name === 'lead' || name === 'to')
    return <AgencyPicker id={id} label={t(name === 'lead' ? 'new_lead' : 'escalate_to')} value={value} many={name === 'to'} required={needed} invalid={invalid} onChange={(next) => set({ [name]: next })} all={name === 'to'} />;
  if (name === 'due') return <DueField id={id} label={t('new_due')} none={t('then_due_stays', { day: '' }).replace(/: $/, '')} value={value} onChange={(next) => set({ due: next })} />;
  if (name === 'files') return <EvidenceField files={value} given={task.evidence_files ?? []} required={needed} invalid={invalid} busy={busy} onBusy={onBusy} onChange={(change) => set({ files: change })} />;
  const label = name === 'note' && needed ? (action === 'comment' ? 'comment' : 'reason') : LABELS[name];
  return (
    <div class={`field field-${name}`}>
      <label for={id}>{t(label as Word)}{name === 'value' && task.unit ? ` (${task.unit})` : ''}{needed && <span class="needed"> ({t('required')})</span>}</label>
      {name === 'note' || name === 'description' ? <textarea {...common} rows={name === 'note' ? 3 : 5} maxLength={name === 'note' ? 2000 : 8000} value={value} onInput={input} />
        : name === 'percent' ? <input {...common} type="number" min={0} max={100} step={1} value={value} onInput={input} />
        : name === 'value' ? <input {...common} type="number" step="any" value={value} onInput={input} />
        : name === 'level' ? <input {...common} type="number" min={1} max={9} value={value} onInput={input} />
        : name === 'priority' ? <select {...common} value={value} onChange={input}>{termsOf('priority').map((one) => <option key={one} value={one}>{capital(term('priority', one))}</option>)}</select>
        : name === 'escalation' ? (
          <select {...common} value={value} onChange={input}>
            {(task.escalations ?? []).filter((one) => !one.acknowledged && !one.closed).map((one) => (
              <option key={one.escalation} value={one.escalation}>{t('level', { n: one.level })} · {agencyNames(one.to)}</option>
            ))}
          </select>
        ) : <input {...common} type="text" maxLength={500} value={value} onInput={input} />}
      {invalid && <p class="refused" id={`${id}-missing`}>{t('fill_in')}</p>}
    </div>
  );
}

/* `escalation`: which one is acknowledged, where the address says so. */
export function ActForm({ action, task, escalation }: { action: string; task: Task; escalation?: number }) {
  const named = escalation !== undefined && task.escalations?.some((one) => one.escalation === escalation && !one.acknowledged && !one.closed) ? { escalation } : {};
  const draft = useDraft(`${action}:${task.task}`, { ...firstFields(action, task), ...named });
  const [asked, setAsked] = useState(false), [busy, setBusy] = useState(false), [sending, setSending] = useState(false), [error, setError] = useState<ApiError | null>(null);
  const isWaiting = useStore(waiting).some((one) => one.id === draft.id);
  const heading = useRef<HTMLHeadingElement>(null);
  const fieldsNow = useRef(draft.fields);
  fieldsNow.current = draft.fields;
  const policy = useLoad<Policy | null>(async () => (task.policy ? ((await read<{ policies: Policy[] }>('policy_list', { name: task.policy })).policies[0] ?? null) : null), task.policy ?? '', false).data;
  const evidence = policy?.evidence === 'required';
  const leave = (): void => go(`/tasks/${task.task}`);
  useEffect(() => heading.current?.focus(), [action]);
  useEffect(() => { if (draft.restored) draft.set(named); }, [escalation]);

  const lacking = missing(action, task, draft.fields, evidence);
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
      leave();
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
      <h2 id="act-title" ref={heading} tabIndex={-1}>{capital(term('action', action))} · {task.reference}</h2>
      {draft.restored && <p class="draft">{t('draft_restored')} <button type="button" class="plain" onClick={draft.clear}>{t('draft_drop')}</button></p>}
      <fieldset class="bare" disabled={sending}>
        {fieldsOf(action, task).map((name) => (
          <Field key={name} name={name} action={action} task={task} fields={draft.fields} busy={busy} onBusy={setBusy}
            set={(more) => set(name === 'files' ? { files: more.files(fieldsNow.current.files) } : more)}
            needed={ACTS[action].needs.includes(name) || (name === 'files' && evidence)} invalid={asked && lacking.includes(name)} />
        ))}
      </fieldset>
      <Consequence action={action} task={task} fields={draft.fields} policy={policy} />
      <Refused error={error} />
      {isWaiting && <p class="waiting" role="status">{t('waits_for_link')}</p>}
      <div class="buttons">
        <button type="submit" class={`main${action === 'cancel' || action === 'reject' ? ' grave' : ''}`} disabled={sending || busy}>{sending ? t('sending') : capital(term('action', action))}</button>
        <button type="button" onClick={leave}>{t('cancel')}</button>
      </div>
    </form>
  );
}
