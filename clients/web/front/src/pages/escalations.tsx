/* Escalations: which tasks were raised, to whom, and whether anybody acknowledged; those to one's own agency also in the names of those that it stands in
 * for. The filter is the address's query. */
import { readAll } from '../api';
import { showDay, showMoment } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName, agencyNames } from '../names';
import { InName, Listed, State, Title, When } from '../parts/common';
import { address, go, Link, usePlace } from '../router';
import { mayAct, me } from '../session';
import { inEachName, markedIn, mayDoIn, namesOn, placeOf, type Name } from '../standing';
import { capital, term } from '../terms';
import type { OpenEscalation } from '../types';
import { t } from '../words';

type Standing = 'open' | 'acknowledged' | 'ended';
export const standing = ({ escalation }: OpenEscalation): Standing => (escalation.acknowledged ? 'acknowledged' : escalation.closed ? 'ended' : 'open');

async function readList(closed: boolean, mine: boolean): Promise<OpenEscalation[]> {
  const readIn = async (name: Name): Promise<OpenEscalation[]> => (await readAll<OpenEscalation>('escalation_list', 'escalations', { ...(closed ? { closed } : {}), ...(mine ? { mine } : {}), ...name })).items;
  return mine ? (await inEachName(async (_, name) => (await readIn(name)).filter(mayDoIn(name)).map(markedIn(name)))).flat() : readIn({});
}

/* Whether it waits for this agency: in the name that it is shown in, or in any. */
const isOurs = (one: OpenEscalation): boolean => namesOn(one).some((name) => one.escalation.to.includes(name) && (name === me.get()?.agency || mayDoIn({ for: name })(one)));

export function EscalationsPage() {
  const { query } = usePlace();
  const closed = query.get('closed') ?? '', mine = query.get('mine') === '1', level = Number(query.get('level')), lead = query.get('lead');
  const loaded = useLoad(() => readList(!!closed, mine), `escalations:${!!closed}:${mine}`);
  const set = (more: Record<string, string>): void => go(address('/escalations', { ...Object.fromEntries(query), ...more }), true);
  return (
    <>
      <Title>{t('escalations')}</Title>
      <form class="filters no-print" onSubmit={(event) => event.preventDefault()}>
        <div class="field"><label for="e-closed">{t('state')}</label>
          <select id="e-closed" value={closed} onChange={(event) => set({ closed: event.currentTarget.value })}>
            <option value="">{t('only_open')}</option><option value="acknowledged">{capital(t('acknowledged'))}</option><option value="ended">{capital(t('ended'))}</option><option value="1">{t('any')}</option>
          </select></div>
        <div class="field"><label for="e-level">{t('escalate_level')}</label>
          <select id="e-level" value={level || ''} onChange={(event) => set({ level: event.currentTarget.value })}><option value="">{t('any')}</option>{[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => <option key={n} value={n}>{n}</option>)}</select></div>
        <div class="field check"><label><input type="checkbox" checked={mine} onChange={(event) => set({ mine: event.currentTarget.checked ? '1' : '' })} /> {t('mine')}</label></div>
        {lead && <button type="button" onClick={() => set({ lead: '' })}>{agencyName(lead)} ×</button>}
      </form>
      <When loaded={loaded}>{(items) => {
        const shown = items.filter((one) => (closed === '1' || standing(one) === (closed || 'open')) && (!level || one.escalation.level === level) && (!lead || one.lead === lead));
        return (
          <Listed count={shown.length} words={t('count_escalations', { n: shown.length })} none="no_escalations" sort="tasks raised" heads={['reference', 'title', 'escalate_level', 'lead', 'due', 'opened', 'escalate_to']}>
            {shown.map((one) => (
              <tr key={`${one.escalation.escalation} ${one.stands_in_for ?? ''}`} class={standing(one) === 'open' ? 'row-overdue' : ''}>
                <th scope="row"><Link to={placeOf(one)}>{one.reference}</Link></th>
                <td class="wide"><Link class="plain-link" tabIndex={-1} to={placeOf(one)}>{one.title}</Link>{one.stands_in_for && <p class="quiet"><InName of={one} alone /></p>}</td>
                <td data-label={t('escalate_level')}>{one.escalation.level}</td>
                <td data-label={t('lead')}><AgencyName id={one.lead} /></td>
                <td data-label={t('due')} class="keep">{showDay(one.due_day)} <State of={one.state} /></td>
                <td data-label={t('opened')} class="keep">{showMoment(one.escalation.opened)}</td>
                <td data-label={t('escalate_to')}><div>{agencyNames(one.escalation.to)}{standing(one) === 'acknowledged' && <p class="quiet">{t('ack_by', { who: agencyName(one.escalation.acknowledged_by), when: showMoment(one.escalation.acknowledged ?? 0) })}</p>}
                  {standing(one) === 'open' && mayAct() && isOurs(one) && <p><Link class="button small" to={placeOf(one, `act=acknowledge&escalation=${one.escalation.escalation}`)}>{capital(term('action', 'acknowledge'))}</Link></p>}</div></td>
              </tr>
            ))}
          </Listed>
        );
      }}</When>
    </>
  );
}
