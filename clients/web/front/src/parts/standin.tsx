/* Who stands in for this agency and those under it, from a day to a day, and for whom it does. Who stands in is said by an agency that has a say
 * on both: one that has nobody under it only reads, ends and lays down. */
import { useState } from 'preact/hooks';
import { ApiError } from '../api';
import { showDay, today } from '../dates';
import { useDraft } from '../draft';
import { useLoad } from '../load';
import { agencyName } from '../names';
import { send } from '../outbox';
import { agencies, mayAct, me, now, readHouse } from '../session';
import { toast } from '../toast';
import type { Agency, StandIn as Stands } from '../types';
import { t, type Word } from '../words';
import { Refused } from './common';
import { AgencyPicker } from './picker';

type Stood = Agency & { stand_in: Stands };

function Line({ word, who, by, one, end, busy }: { word: Word; who: string; by?: string; one: Stands; end?: () => void; busy: boolean }) {
  return (
    <p class="stood">{t(word, { who: agencyName(who), by: agencyName(by ?? ''), from: showDay(one.from_day), until: showDay(one.until_day) })}
      {end && <> <button type="button" class="small" disabled={busy} onClick={end}>{t('stand_in_end')}</button></>}</p>
  );
}

/* An agency and all under it. */
function houseOf(mine: string): Set<string> {
  const all = agencies.get(), house = new Set<string>();
  for (const one of all.values())
    for (let at: Agency | undefined = one, steps = 0; at && steps < 64; at = at.parent ? all.get(at.parent) : undefined, steps++)
      if (at.agency === mine) house.add(one.agency);
  return house;
}

export function StandIn() {
  const mine = me.get()?.agency ?? '';
  const loaded = useLoad(async () => { await readHouse(); return [...agencies.get().values()].filter((one): one is Stood => !!one.stand_in && now() < one.stand_in.until); }, 'stand-ins');
  const set = useDraft('stand_in', { agency: [], by: [], from: '', until: '' }), end = useDraft('stand_in_end', {});
  const [busy, setBusy] = useState(false), [error, setError] = useState<ApiError | null>(null);
  const { by, from, until } = set.fields, list = loaded.data ?? [], house = houseOf(mine), own = list.find((one) => one.agency === mine);
  const absent = set.fields.agency[0] ?? mine, under = list.filter((one) => one.agency !== mine && one.stand_in.by !== mine && house.has(one.agency));
  const ask = async (draft: typeof set, body: object, reference: string, done: Word): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await send({ id: draft.id, op: 'agency_stand_in', body: JSON.stringify(body), label: t('stand_in'), reference });
      draft.clear();
      toast(t(done));
      loaded.again();
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      draft.renew();
      setError(problem);
    }
    setBusy(false);
  };
  const day = (name: 'from' | 'until', label: Word, least: string) => (
    <div class="field"><label for={`stand-${name}`}>{t(label)}</label><input id={`stand-${name}`} type="date" min={least} max="2099-12-31" required={name === 'until'} value={set.fields[name]} onInput={(event) => set.set({ [name]: event.currentTarget.value })} /></div>
  );
  return (
    <section class="stand-in"><h2>{t('stand_in')}</h2>
      <p class="help">{t('stand_in_help')}</p>
      {own && <Line word="stood_in_now" who={own.stand_in.by} one={own.stand_in} busy={busy} end={mayAct() ? () => void ask(end, {}, mine, 'stand_in_ended') : undefined} />}
      {list.filter((one) => one.stand_in.by === mine).map((one) => <Line key={one.agency} word="stands_in_now" who={one.agency} one={one.stand_in} busy={busy} end={mayAct() ? () => void ask(end, { agency: one.agency }, one.agency, 'stand_in_ended') : undefined} />)}
      {under.map((one) => <Line key={one.agency} word="stands_in_under" who={one.agency} by={one.stand_in.by} one={one.stand_in} busy={busy} end={mayAct() ? () => void ask(end, { agency: one.agency }, one.agency, 'stand_in_ended') : undefined} />)}
      {mayAct() && house.size < 2 && <p class="help">{t('stand_in_above')}</p>}
      {mayAct() && house.size > 1 && (
        <form class="narrow" onSubmit={(event) => { event.preventDefault(); void ask(set, { agency: absent, by: by[0], from: from || undefined, until }, absent, 'stand_in_done'); }}>
          <AgencyPicker id="stand-agency" label={t('stand_in_whom')} value={[absent]} required onChange={(next) => set.set({ agency: next })} all among={house} />
          <AgencyPicker id="stand-by" label={t('stand_in_by')} value={by} required onChange={(next) => set.set({ by: next })} all among={house} />
          {day('from', 'stand_in_from', today())}
          {day('until', 'stand_in_until', from || today())}
          <button type="submit" class="main" disabled={busy || !by.length || !until}>{t('stand_in_set')}</button>
        </form>
      )}
      <Refused error={error} />
    </section>
  );
}
