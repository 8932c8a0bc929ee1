/* The frame of every page: who is signed in, where one can go, and which page it is. */
import { useEffect, useRef } from 'preact/hooks';
import { ApiError, readOverview } from './api';
import { showMoment } from './dates';
import { latest, link, live, silent } from './live';
import { useLoad } from './load';
import { agencyName } from './names';
import { Banner } from './parts/banner';
import { Choices } from './parts/choices';
import { Title } from './parts/common';
import { AccountPage } from './pages/account';
import { AssignPage } from './pages/assign';
import { CircularsPage } from './pages/circulars';
import { DocumentsPage } from './pages/documents';
import { EscalationsPage } from './pages/escalations';
import { HotSpotsPage } from './pages/hotspots';
import { InboxPage } from './pages/inbox';
import { OverviewPage } from './pages/overview';
import { ReportPage } from './pages/report';
import { RequestsPage } from './pages/requests';
import { SchedulesPage } from './pages/schedules';
import { SignInPage } from './pages/signin';
import { TaskPageView } from './pages/task';
import { TargetsPage } from './pages/targets';
import { TasksPage } from './pages/tasks';
import { WallPage } from './pages/wall';
import { go, Link, usePlace } from './router';
import { resume } from './outbox';
import { agencies, mayAct, me, now, readHouse, signOut } from './session';
import { useStore } from './store';
import { capital, term } from './terms';
import { Toast } from './toast';
import { language, t } from './words';

const NAV = [['/inbox', 'inbox'], ['/tasks', 'tasks'], ['/overview', 'overview'], ['/escalations', 'escalations'], ['/documents', 'papers'], ['/targets', 'targets'], ['/hot-spots', 'hot_spots'], ['/circulars', 'circulars'], ['/schedules', 'schedules'], ['/report', 'report_page']] as const;

function InboxCount() {
  const { data } = useLoad(readOverview, 'overview'); // the inbox itself is read by its page alone: it may be long
  const count = data?.waiting ?? 0;
  return count ? <span class="count">{count}</span> : null;
}

function Header() {
  const { path } = usePlace(), who = me.get(), standing = useStore(link), news = useStore(latest), menu = useRef<HTMLElement>(null);
  useEffect(() => { // on a narrow screen it is scrolled, and where one is may lie beside it
    const list = menu.current, here = list?.querySelector<HTMLElement>('[aria-current]');
    if (list && here) list.scrollLeft = here.offsetLeft - list.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  }, [path]);
  return (
    <header class="top no-print">
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById('content')?.focus(); }}>{t('skip')}</a>
      <div class="bar">
        <Link to="/" class="brand"><img src="/icon.svg" alt="" width={26} height={26} /><span>{t('product')}</span></Link>
        <p class={`standing ${standing === 'connected' ? 'on' : 'off'}`} title={news ? t('news', { what: `${capital(term('notice', news.notice))} ${news.reference ?? ''} ${showMoment(news.time)}` }) : undefined}>{standing === 'connected' ? t('live') : standing === 'connecting' ? t('loading') : t('live_off')}</p>
        <details class="account">
          <summary><span class="agency-name">{agencyName(who?.agency)}</span><small>{who?.officer || who?.user}{mayAct() ? '' : ` · ${t('read_only')}`}</small></summary>
          <div><Choices /><Link to="/account">{t('account')}</Link><button type="button" onClick={() => void signOut().catch(() => me.set(null))}>{t('sign_out')}</button></div>
        </details>
      </div>
      <nav class="menu" ref={menu} aria-label={t('menu')}>
        {NAV.map(([to, word]) => <Link key={to} to={to} aria-current={path === to || (to === '/tasks' && path.startsWith('/tasks/')) ? 'page' : undefined}>{t(word)}{to === '/inbox' && <InboxCount />}</Link>)}
        {mayAct() && <Link to="/assign" aria-current={path === '/assign' ? 'page' : undefined}>{t('assign_task')}</Link>}
      </nav>
    </header>
  );
}

function Page({ path }: { path: string }) {
  const task = /^\/tasks\/(\d{1,16})$/.exec(path);
  if (task) return <TaskPageView key={task[1]} id={Number(task[1])} />;
  switch (path) {
    case '/inbox': return <InboxPage />;
    case '/tasks': return <TasksPage />;
    case '/overview': return <OverviewPage />;
    case '/escalations': return <EscalationsPage />;
    case '/account': return <AccountPage />;
    case '/requests': return <RequestsPage />;
    case '/documents': return <DocumentsPage />;
    case '/targets': return <TargetsPage />;
    case '/hot-spots': return <HotSpotsPage />;
    case '/circulars': return <CircularsPage />;
    case '/schedules': return <SchedulesPage />;
    case '/report': return <ReportPage />;
    case '/assign': if (mayAct()) return <AssignPage />;
  }
  return <><Title>{t('not_found')}</Title><p class="empty"><Link to="/">{t('overview')}</Link></p></>;
}

export function App() {
  const who = useStore(me), { path } = usePlace();
  useStore(language);
  useStore(agencies);
  const main = useRef<HTMLElement>(null), before = useRef(path);
  useEffect(() => {
    if (!who) return silent();
    live();
    resume();
    readHouse().catch((error) => { if (!(error instanceof ApiError)) throw error; });
    return undefined;
  }, [who?.user]);
  useEffect(() => link.watch(() => { if (link.get() === 'connected' && me.get() && !agencies.get().size) void readHouse().catch(() => undefined); }), []);
  const home = path === '/' || path === '/sign-in' || path.startsWith('/login');
  useEffect(() => { if (who && home) go(mayAct() ? '/inbox' : '/overview', true); }, [who?.user, home]);
  useEffect(() => {
    if (before.current !== path) main.current?.querySelector('h1')?.focus({ preventScroll: true }); // a reader of the screen hears where it is
    before.current = path;
  }, [path]);
  if (!who) return <SignInPage />;
  if (path === '/wall') return <><Banner /><WallPage /></>;
  return (
    <>
      <Header />
      <Banner />
      <main id="content" tabIndex={-1} ref={main} class="content">{home ? null : <Page path={path} />}</main>
      <footer class="print-only">{agencyName(who.agency)} · {showMoment(now())}</footer>
      <Toast />
    </>
  );
}
