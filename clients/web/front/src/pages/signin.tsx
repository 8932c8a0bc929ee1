/* Signing in: name and password, and a code where the account has one. */
import { useState } from 'preact/hooks';
import { ApiError } from '../api';
import { useTitle } from '../parts/common';
import { place } from '../router';
import { signIn } from '../session';
import { refusal, t } from '../words';
import { Choices } from '../parts/choices';

export function SignInPage() {
  useTitle(t('sign_in'));
  const [user, setUser] = useState(''), [password, setPassword] = useState(''), [code, setCode] = useState('');
  const [wantsCode, setWantsCode] = useState(false), [problem, setProblem] = useState(place.get().query.get('problem') === 'link_refused' ? t('link_refused') : ''), [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await signIn({ user: user.trim(), password, ...(wantsCode && code ? { code: code.trim() } : {}) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.name === 'code_needed') {
        setProblem(wantsCode && code ? t('code_refused') : '');
        setWantsCode(true);
      } else setProblem(error.name === 'sign_in_refused' ? t('sign_in_refused') : error.name === 'locked' ? t('locked', { minutes: Math.max(1, Math.ceil(Number(error.more.retry_after ?? 60) / 60)) }) : refusal(error.name, error.message));
      setBusy(false);
    }
  };
  return (
    <main class="signin" id="content">
      <div class="card">
        <img src="/icon.svg" alt="" width={40} height={40} />
        <h1>{t('product')}</h1>
        <form onSubmit={submit}>
          <div class="field"><label for="user">{t('user')}</label><input id="user" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required value={user} onInput={(event) => setUser(event.currentTarget.value)} /></div>
          <div class="field"><label for="password">{t('password')}</label><input id="password" name="password" type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} /></div>
          {wantsCode && <div class="field"><label for="code">{t('code')}</label><input id="code" name="code" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9 ]*" maxLength={7} required autofocus aria-describedby="code-help" value={code} onInput={(event) => setCode(event.currentTarget.value)} /><p class="help" id="code-help">{t('code_needed')}</p></div>}
          {problem && <p class="refused" role="alert">{problem}</p>}
          <button type="submit" class="main" disabled={busy}>{busy ? t('sending') : t('sign_in')}</button>
        </form>
        <p class="help">{t('sign_in_help')}</p>
        <Choices />
      </div>
    </main>
  );
}
