/* Small things that every page is made of. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api';
import { showDue } from '../dates';
import type { Loaded } from '../load';
import { agencyName } from '../names';
import { Link } from '../router';
import { capital, term } from '../terms';
import type { Task } from '../types';
import { refusal, t, type Word } from '../words';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · coordd`;
  }, [title]);
}

export function Title({ children, aside, sub }: { children: string; aside?: ComponentChildren; sub?: ComponentChildren }) {
  useTitle(children);
  return <div class="title"><div><h1 tabIndex={-1}>{children}</h1>{sub && <p class="sub">{sub}</p>}</div>{aside && <div class="aside">{aside}</div>}</div>;
}

export function State({ of }: { of: string }) {
  return <span class={`state state-${of}`}>{capital(term('state', of))}</span>;
}
/* How a task stands against its date; nothing where there is none. */
export function How({ of }: { of: string | undefined }) {
  return of && of !== 'no_deadline' ? <span class={`how how-${of}`}>{capital(term('timeliness', of))}</span> : null;
}
export function Due({ task }: { task: { due?: number; due_day?: string; timeliness?: string } }) {
  return task.due === undefined
    ? <span class="quiet">{t('no_due')}</span>
    : <time class={`due due-${task.timeliness}`} dateTime={task.due_day}>{showDue(task.due, task.due_day)}</time>;
}
export function Progress({ task }: { task: Task }) {
  return task.percent === undefined ? null : <span class="progress"><progress max={100} value={task.percent} aria-label={t('progress')} /> <span class="number">{task.percent}%</span></span>;
}
export function TaskLink({ task, act, children }: { task: { task: number; reference: string }; act?: string; children?: ComponentChildren }) {
  return <Link to={`/tasks/${task.task}${act ? `?act=${act}` : ''}`}>{children ?? task.reference}</Link>;
}

const TYPING_MS = 300;

/* What a list is searched for; told once nobody types any more. */
export function Search({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="field search">
      <label for="search">{t('search')}</label>
      <input id="search" type="search" value={text} maxLength={80} placeholder={t('search_hint')} onInput={(event) => setText(event.currentTarget.value)} />
    </div>
  );
}

/* A list: how much it holds, and its table, or what is said of an empty one. */
/* In whose name something waits; nothing for one's own. `alone`: nothing comes behind it. */
export function InName({ of, alone }: { of: { stands_in_for?: string }; alone?: boolean }) {
  return of.stands_in_for ? <><strong class="in-name">{t('in_name_of', { who: agencyName(of.stands_in_for) })}</strong>{!alone && ' · '}</> : null;
}

export function Listed({ count, words, none, sort, heads, children }: { count: number; words: string; none: Word; sort: string; heads: Word[]; children: ComponentChildren }) {
  return (
    <>
      <p class="counted" role="status" data-count={count}>{words}</p>
      {count === 0 ? <p class="empty">{t(none)}</p> : (
        <div class="scroll"><table class={`list ${sort}`}>
          <thead><tr>{heads.map((head) => <th scope="col" key={head}>{t(head)}</th>)}</tr></thead>
          <tbody>{children}</tbody>
        </table></div>
      )}
    </>
  );
}

export function Refused({ error }: { error: ApiError | null }) {
  return error && <p class="refused" role="alert">{refusal(error.name, error.message)}</p>;
}

/* A page's matter once it is there; what went wrong, and a way to try again. */
export function When<T>({ loaded, children }: { loaded: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (loaded.data) return <>{children(loaded.data)}</>;
  if (loaded.error) return <div class="empty"><Refused error={loaded.error} /><button type="button" onClick={loaded.again}>{t('again')}</button></div>;
  return <p class="empty" aria-busy="true">{t('loading')}</p>;
}
