/* By when: a day, with a minute when it matters, or a count from today. Its value is as the protocol writes it. */
import { today } from '../dates';
import { t } from '../words';

const COUNT = /^(\d+)(wd|d|wh)$/;

/* `10wd`, for people. */
export function countWords(words: string): string {
  const count = COUNT.exec(words);
  return count ? t(`count_${count[2] as 'wd' | 'd' | 'wh'}`, { n: Number(count[1]) }) : words;
}

type Mode = 'none' | 'day' | 'count';

/* `none`: what it means that there is none; absent where there must be one. `first`: the day that is put there to be changed. */
interface Props { id: string; label: string; none?: string; value: string; onChange(value: string): void; first?: string; required?: boolean; invalid?: boolean }

export function DueField({ id, label, none, value, onChange, first, required, invalid }: Props) {
  const count = COUNT.exec(value), mode: Mode = !value ? 'none' : count ? 'count' : 'day';
  const choose = (next: Mode): void => onChange(next === 'none' ? '' : next === 'count' ? '10wd' : first && first > today() ? first : today());
  return (
    <fieldset class="field duefield">
      <legend>{label}{required && <span class="needed"> ({t('required')})</span>}</legend>
      <div class="choices">
        {([['none', none], ['day', t('due_day')], ['count', t('due_count')]] as [Mode, string | undefined][]).filter(([, words]) => words).map(([name, words], i) => (
          <label key={name}><input id={i === 0 ? id : undefined} type="radio" name={id} checked={mode === name} onChange={() => choose(name)} /> {words}</label>
        ))}
      </div>
      {mode === 'day' && (
        <div class="pair">
          <input type="date" aria-label={t('due_day')} min="2000-01-01" max="2099-12-31" value={value.slice(0, 10)} onInput={(event) => event.currentTarget.value && onChange(event.currentTarget.value + value.slice(10))} />
          <input type="time" aria-label={label} value={value.slice(11)} onInput={(event) => onChange(value.slice(0, 10) + (event.currentTarget.value ? `T${event.currentTarget.value}` : ''))} />
        </div>
      )}
      {count && (
        <div class="pair">
          <input type="number" aria-label={label} min={1} max={3660} value={count[1]} onInput={(event) => Number(event.currentTarget.value) > 0 && onChange(Math.floor(Number(event.currentTarget.value)) + count[2])} />
          <select aria-label={t('due_count')} value={count[2]} onChange={(event) => onChange(count[1] + event.currentTarget.value)}>
            <option value="wd">{t('unit_wd')}</option><option value="d">{t('unit_d')}</option><option value="wh">{t('unit_wh')}</option>
          </select>
        </div>
      )}
      {invalid && <p class="refused">{t('fill_in')}</p>}
    </fieldset>
  );
}
