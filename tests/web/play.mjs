/* The stage (a broker with the programme on it, and coord-web) as the tests play on it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const BUILD = process.env.BUILD ?? here('../../build');
export const FRONT = here('../../clients/web/front/dist');

export class Stage {
  /* STAGE=PATH: one that stands already, with PATH.in as its input (a fifo) and PATH.out as its output. */
  static async open(...more) {
    const stage = new Stage();
    if (process.env.STAGE) {
      Object.assign(stage, JSON.parse(readFileSync(`${process.env.STAGE}.out`, 'utf8').split('\n')[0]));
      return stage;
    }
    stage.process = spawn(process.env.PYTHON ?? '/usr/bin/python3', [here('stage.py'), '--build', BUILD, '--front', FRONT, ...more], { stdio: ['pipe', 'pipe', process.env.LOUD ? 'inherit' : 'ignore'] });
    stage.lines = createInterface({ input: stage.process.stdout })[Symbol.asyncIterator]();
    Object.assign(stage, await stage.line());
    return stage;
  }
  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the stage ended; LOUD=1 shows why');
    return JSON.parse(value);
  }
  async say(words) {
    if (!this.process) {
      const before = readFileSync(`${process.env.STAGE}.out`, 'utf8').split('\n').length;
      writeFileSync(`${process.env.STAGE}.in`, words + '\n');
      for (;;) {
        const lines = readFileSync(`${process.env.STAGE}.out`, 'utf8').split('\n');
        if (lines.length > before) return JSON.parse(lines[before - 1]);
        await new Promise((done) => setTimeout(done, 50));
      }
    }
    this.process.stdin.write(words + '\n');
    return this.line();
  }
  async close() {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.stdin.end();
    await ended;
  }
}

/* A person at a browser of their own. What the page complains of fails the test at its end. */
export class Person {
  static async sit(browser, stage, user, options = {}) {
    const person = new Person();
    person.stage = stage;
    person.complaints = [];
    person.context = await browser.newContext({ baseURL: stage.url, viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
    person.context.setDefaultTimeout(60000); // of a busy machine; what is to be quick is measured
    person.page = await person.context.newPage();
    person.page.on('pageerror', (error) => person.complaints.push(String(error)));
    person.page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text())) person.complaints.push(message.text());
    });
    if (user) await person.signIn(user);
    return person;
  }
  async signIn(user, password = this.stage.password) {
    await this.page.goto('/');
    await this.page.fill('#user', user);
    await this.page.fill('#password', password);
    await this.page.click('button[type=submit]');
    await this.page.locator('nav.menu').waitFor();
    await this.page.locator('.standing.on').waitFor();
  }
  /* By the page's own links, without a reload. */
  async go(path) {
    await this.page.evaluate((to) => {
      history.pushState(null, '', to);
      window.dispatchEvent(new PopStateEvent('popstate'));
    }, path);
  }
  /* A read of the protocol, with this person's session. */
  async read(op, data = {}) {
    const answer = await this.context.request.post(`/api/op/${op}`, { data });
    return (await answer.json()).reply;
  }
  /* A change of the protocol, with this person's session. */
  async change(op, data) {
    const { csrf } = await (await this.context.request.get('/api/me')).json();
    const answer = await this.context.request.post(`/api/op/${op}`, { data, headers: { 'X-CSRF': csrf, 'X-Request-Id': crypto.randomUUID() } });
    if (!answer.ok()) throw new Error(`${op}: ${await answer.text()}`);
    return (await answer.json()).reply;
  }
  async text(selector) {
    return (await this.page.locator(selector).first().innerText()).trim();
  }
}
