/* What leads ask for and nobody has decided yet: for this agency to decide, for those under it, or asked by itself; its own also in the names of those that
 * it stands in for. */
import { showDay, showDue } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName } from '../names';
import { InName, Listed, Title, When } from '../parts/common';
import { AskedActs } from '../parts/requests';
import { askedBy, toDecide, wishWords, type Request } from '../requests';
import { address, go, Link, usePlace } from '../router';
import { me, now, ours } from '../session';
import { inEachName, isToWait, markedIn, mayDoIn, placeOf } from '../standing';
import { capital } from '../terms';
import { t } from '../words';

const WHICH = ['', 'mine', 'asked'] as const, WORDS = { '': 'requests_below', mine: 'requests_mine', asked: 'requests_asked' } as const;

/* What is one's own, in each name: the requests that wait there, and that were asked. */
async function ofOurs(which: 'mine' | 'asked'): Promise<Request[]> {
  const each = await inEachName(async (agency, name) => {
    const list = which === 'asked' ? await askedBy(agency, name) : (await toDecide(agency, false, name)).filter(({ asked }) => asked.decider === agency);
    return list.filter(({ task }) => mayDoIn(name)(task)).map(({ task, asked }) => ({ asked, task: markedIn(name)(task) }));
  });
  return each.flat();
}

/* Whether this agency is to decide it, in its own name or in another's. */
const decidesOn = ({ task, asked }: Request): boolean => asked.decider === me.get()?.agency || (ours().includes(asked.decider) && mayDoIn({ for: asked.decider })(task));

function Row({ task, asked }: Request) {
  const decides = decidesOn({ task, asked }), later = decides && isToWait(task, asked.decider), isLate = asked.decide_due !== undefined && asked.decide_due <= now();
  return (
    <tr class={isLate ? 'row-overdue' : ''} data-ask={asked.ask}>
      <th scope="row"><Link to={placeOf(task)}>{task.reference}</Link></th>
      <td class="wide"><Link class="plain-link" tabIndex={-1} to={placeOf(task)}>{task.title}</Link><p class="quiet"><InName of={task} /><AgencyName id={asked.by} />: <q>{asked.reason}</q></p></td>
      <td data-label={t('asks_for')}>{capital(wishWords(asked.asking, asked.wanted))}</td>
      <td data-label={t('due')} class="keep">{showDay(task.due_day)}</td>
      <td data-label={t('decider')}><AgencyName id={asked.decider} /></td>
      <td data-label={t('decide_due')} class="keep"><div>{asked.decide_due !== undefined && <span class={isLate ? 'due-overdue' : ''}>{showDue(asked.decide_due)}</span>}
        {later && <p class="quiet asked">{t('decides_later', { by: agencyName(asked.decider), who: agencyName(task.lead) })}</p>}
        <AskedActs task={task} asked={asked} may={later ? [] : decides ? ['grant', 'deny'] : task.lead === (task.stands_in_for ?? me.get()?.agency) ? ['take_back'] : []} /></div></td>
    </tr>
  );
}

export function RequestsPage() {
  const { query } = usePlace(), agency = me.get()?.agency ?? '';
  const which = WHICH.find((one) => one === query.get('which')) ?? '';
  const loaded = useLoad(() => (which === '' ? toDecide(agency, true) : ofOurs(which)), `requests:${which}`);
  return (
    <>
      <Title sub={agencyName(agency)}>{t('requests_page')}</Title>
      <form class="filters no-print" onSubmit={(event) => event.preventDefault()}>
        <div class="field"><label for="r-which">{t('which')}</label>
          <select id="r-which" value={which} onChange={(event) => go(address('/requests', { which: event.currentTarget.value }), true)}>{WHICH.map((one) => <option key={one} value={one}>{t(WORDS[one])}</option>)}</select></div>
      </form>
      <When loaded={loaded}>{(list) => (
        <Listed count={list.length} words={t('count_requests', { n: list.length })} none="no_requests" sort="tasks asked" heads={['reference', 'title', 'asks_for', 'due', 'decider', 'decide_due']}>
          {list.map((one) => <Row key={one.asked.ask} {...one} />)}
        </Listed>
      )}</When>
    </>
  );
}
