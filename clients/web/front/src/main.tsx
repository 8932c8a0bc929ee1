/* Finds out who is here, then shows the page. */
import { render } from 'preact';
import { ApiError } from './api';
import './theme';
import { App } from './app';
import { me, whoAmI } from './session';
import { language } from './words';

const page = document.getElementById('page') as HTMLElement;

/* Not signed in is an answer; a server that is not there is asked again. */
async function begin(): Promise<void> {
  for (;;)
    try {
      await whoAmI();
      break;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) break;
      page.textContent = 'Không kết nối được với máy chủ… / The server cannot be reached…';
      await new Promise((done) => setTimeout(done, 2000));
    }
  const mine = me.get()?.language;
  if (!localStorage.getItem('language') && (mine === 'vi' || mine === 'en')) language.set(mine);
  page.textContent = '';
  render(<App />, page);
}
void begin();
