/* The reader's own account: who one is here, the password, who stands in for the agency, and the address of the calendar feed. */
import { useState } from 'preact/hooks';
import { ApiError, ask } from '../api';
import { agencyName } from '../names';
import { Refused, Title } from '../parts/common';
import { StandIn } from '../parts/standin';
import { me } from '../session';
import { toast } from '../toast';
import type { Me } from '../types';
import { t } from '../words';

const JSON_BODY = { 'Content-Type': 'application/json' };
const LEAST = 10; // characters of a password, as the server has it

function Password() {
  const has = me.get()?.password !== false;
  const [old, setOld] = useState(''), [next, setNext] = useState(''), [twice, setTwice] = useState('');
  const [error, setError] = useState<ApiError | null>(null), [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (next !== twice) return setError(new ApiError(0, '', t('password_differs')));
    setBusy(true);
    setError(null);
    try {
      me.set(await ask<Me>('POST', '/api/password', JSON.stringify({ ...(has ? { old } : {}), new: next }), JSON_BODY));
      toast(t('password_set'));
      setOld('');
      setNext('');
      setTwice('');
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      setError(problem);
    }
    setBusy(false);
  };
  const field = (id: string, label: string, value: string, set: (value: string) => void, kind: string) => (
    <div class="field"><label for={id}>{label}</label><input id={id} type="password" autocomplete={kind} required minLength={kind === 'new-password' ? LEAST : undefined} value={value} onInput={(event) => set(event.currentTarget.value)} /></div>
  );
  return (
    <section><h2>{t('password_change')}</h2>
      <form class="narrow" onSubmit={submit}>
        <input type="text" autocomplete="username" value={me.get()?.user} hidden readOnly />
        {has && field('old', t('password_old'), old, setOld, 'current-password')}
        {field('new', t('password_new', { n: LEAST }), next, setNext, 'new-password')}
        {field('twice', t('password_twice'), twice, setTwice, 'new-password')}
        <Refused error={error} />
        <button type="submit" class="main" disabled={busy}>{t('password_change')}</button>
      </form>
    </section>
  );
}

function Calendar() {
  const [url, setUrl] = useState(''), [error, setError] = useState<ApiError | null>(null);
  const make = async (): Promise<void> => {
    setError(null);
    try {
      setUrl((await ask<{ url: string }>('POST', '/api/calendar', '{}', JSON_BODY)).url);
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      setError(problem);
    }
  };
  return (
    <section><h2>{t('calendar_feed')}</h2>
      <p class="help">{t('calendar_help')}</p>
      {url && <div class="field"><label for="feed">{t('calendar_address')}</label><input id="feed" type="text" readOnly value={url} onFocus={(event) => event.currentTarget.select()} /></div>}
      <Refused error={error} />
      <p><button type="button" onClick={() => void make()}>{t('calendar_make')}</button></p>
    </section>
  );
}

export function AccountPage() {
  const who = me.get();
  return <><Title sub={`${who?.user} · ${who?.officer || ''} · ${agencyName(who?.agency)}`}>{t('account')}</Title><div class="columns even"><Password /><Calendar /><StandIn /></div></>;
}
