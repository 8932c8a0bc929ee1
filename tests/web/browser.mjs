/* A browser of its own for each test: chromium by playwright-core, a fresh profile, nothing in the background. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

export const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);

/* playwright makes a profile directory of its own under TMPDIR, and removes it. */
export const open = () => chromium.launch({ executablePath, args: FLAGS, headless: true });
