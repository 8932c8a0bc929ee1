/* What leads ask for and nobody has decided yet: for this agency to decide, for those under it, or asked by itself. */
import { showDay, showDue } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName } from '../names';
import { Listed, Title, When } from '../parts/common';
import { AskedActs } from '../parts/requests';
import { askedBy, toDecide, wishWords, type Request } from '../requests';
import { address, go, Link, usePlace } from '../router';
import { me, now } from '../session';
import { isToWait } from '../standing';
import { capital } from '../terms';
import { t } from '../words';

const WHICH = ['', 'mine', 'asked'] as const, WORDS = { '': 'requests_below', mine: 'requests_mine', asked: 'requests_asked' } as const;

function Row({ task, asked }: Request) {
  const mine = me.get()?.agency, decides = asked.decider === mine, later = decides && isToWait(task), isLate = asked.decide_due !== undefined && asked.decide_due <= now();
  return (
    <tr class={isLate ? 'row-overdue' : ''} data-ask={asked.ask}>
      <th scope="row"><Link to={`/tasks/${task.task}`}>{task.reference}</Link></th>
      <td class="wide"><Link class="plain-link" tabIndex={-1} to={`/tasks/${task.task}`}>{task.title}</Link><p class="quiet"><AgencyName id={asked.by} />: <q>{asked.reason}</q></p></td>
      <td data-label={t('asks_for')}>{capital(wishWords(asked.asking, asked.wanted))}</td>
      <td data-label={t('due')} class="keep">{showDay(task.due_day)}</td>
      <td data-label={t('decider')}><AgencyName id={asked.decider} /></td>
      <td data-label={t('decide_due')} class="keep"><div>{asked.decide_due !== undefined && <span class={isLate ? 'due-overdue' : ''}>{showDue(asked.decide_due)}</span>}
        {later && <p class="quiet asked">{t('decides_later', { who: agencyName(task.lead) })}</p>}
        <AskedActs task={task} asked={asked} may={later ? [] : decides ? ['grant', 'deny'] : task.lead === mine ? ['take_back'] : []} /></div></td>
    </tr>
  );
}

export function RequestsPage() {
  const { query } = usePlace(), agency = me.get()?.agency ?? '';
  const which = WHICH.find((one) => one === query.get('which')) ?? '';
  const loaded = useLoad(() => (which === 'asked' ? askedBy(agency) : toDecide(agency, which === '')), `requests:${which}`);
  return (
    <>
      <Title sub={agencyName(agency)}>{t('requests_page')}</Title>
      <form class="filters no-print" onSubmit={(event) => event.preventDefault()}>
        <div class="field"><label for="r-which">{t('which')}</label>
          <select id="r-which" value={which} onChange={(event) => go(address('/requests', { which: event.currentTarget.value }), true)}>{WHICH.map((one) => <option key={one} value={one}>{t(WORDS[one])}</option>)}</select></div>
      </form>
      <When loaded={loaded}>{(list) => {
        const shown = which === 'mine' ? list.filter((one) => one.asked.decider === agency) : list;
        return (
          <Listed count={shown.length} words={t('count_requests', { n: shown.length })} none="no_requests" sort="tasks asked" heads={['reference', 'title', 'asks_for', 'due', 'decider', 'decide_due']}>
            {shown.map((one) => <Row key={one.asked.ask} {...one} />)}
          </Listed>
        );
      }}</When>
    </>
  );
}
