/* Chooses agencies by name or id, without accents, by keyboard or mouse: a combobox with a list (ARIA 1.2). */
import { useState } from 'preact/hooks';
import { fold, compare } from '../fold';
import { agencyName } from '../names';
import { agencies, now } from '../session';
import { t } from '../words';

const SHOWN_MAX = 12;

interface Props { id: string; label: string; value: string[]; many?: boolean; onChange(value: string[]): void; all?: boolean; among?: Set<string>; help?: string; required?: boolean; invalid?: boolean }

export function AgencyPicker({ id, label, value, many, onChange, all, among, help, required, invalid }: Props) {
  const [text, setText] = useState(''), [open, setOpen] = useState(false), [at, setAt] = useState(0);
  const wanted = fold(text.trim());
  const found = open ? [...agencies.get().values()]
    .filter((one) => (all || (one.assignable !== false && !(one.valid_until && one.valid_until <= now()))) && (!among || among.has(one.agency)) && !value.includes(one.agency))
    .filter((one) => !wanted || fold(`${one.agency} ${one.name} ${one.name_en ?? ''}`).includes(wanted))
    .sort((a, b) => Number(fold(b.agency) === wanted) - Number(fold(a.agency) === wanted) || compare(agencyName(a.agency), agencyName(b.agency)))
    .slice(0, SHOWN_MAX) : [];
  const choose = (agency: string): void => {
    onChange(many ? [...value, agency] : [agency]);
    setText('');
    setOpen(false);
    setAt(0);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setOpen(true);
      else setAt((at + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % Math.max(found.length, 1));
    } else if (event.key === 'Enter' && open && found[at]) {
      event.preventDefault();
      choose(found[at].agency);
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === 'Backspace' && !text && value.length) onChange(value.slice(0, -1));
  };
  return (
    <div class="field picker">
      <label for={id}>{label}{required && <span class="needed"> ({t('required')})</span>}</label>
      {value.length > 0 && (
        <ul class="chosen">
          {value.map((one) => (
            <li key={one}>{agencyName(one)} <button type="button" class="plain" aria-label={`${t('remove')} ${agencyName(one)}`} onClick={() => onChange(value.filter((other) => other !== one))}>×</button></li>
          ))}
        </ul>
      )}
      {(many || !value.length) && (
        <div class="combo">
          <input id={id} type="text" role="combobox" autocomplete="off" aria-expanded={open} aria-controls={`${id}-list`} aria-autocomplete="list" aria-invalid={invalid || undefined}
            aria-activedescendant={open && found[at] ? `${id}-${at}` : undefined} aria-describedby={help ? `${id}-help` : undefined} placeholder={t('choose_agency')} value={text}
            onInput={(event) => { setText(event.currentTarget.value); setOpen(true); setAt(0); }} onFocus={() => setOpen(true)} onBlur={() => setOpen(false)} onKeyDown={key} />
          {open && (
            <ul class="options" role="listbox" id={`${id}-list`} aria-label={label}>
              {found.map((one, i) => (
                <li key={one.agency} id={`${id}-${i}`} role="option" aria-selected={i === at} onMouseDown={(event) => { event.preventDefault(); choose(one.agency); }}>
                  {agencyName(one.agency)} <small>{one.agency}</small>
                </li>
              ))}
              {!found.length && <li role="option" aria-selected={false} aria-disabled="true">{t('no_agency')}</li>}
            </ul>
          )}
        </div>
      )}
      {help && <p class="help" id={`${id}-help`}>{help}</p>}
    </div>
  );
}
