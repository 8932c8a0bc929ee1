/* The reader's language and colours. */
import { theme, type Theme } from '../theme';
import { useStore } from '../store';
import { inVietnamese, language, t } from '../words';

export function Choices() {
  useStore(language);
  const chosen = useStore(theme);
  return (
    <div class="choices-bar">
      <button type="button" class="plain" lang={inVietnamese() ? 'en' : 'vi'} onClick={() => language.set(inVietnamese() ? 'en' : 'vi')}>{t('other_language')}</button>
      <label class="theme"><span class="unseen">{t('theme')}</span>
        <select value={chosen} onChange={(event) => theme.set(event.currentTarget.value as Theme)}>
          <option value="system">{t('theme_system')}</option><option value="light">{t('theme_light')}</option><option value="dark">{t('theme_dark')}</option>
        </select></label>
    </div>
  );
}
