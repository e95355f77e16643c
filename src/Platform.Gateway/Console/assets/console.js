// Routes by the address's fragment: #/indexes, #/indexes/NAME, #/search/NAME, #/cluster. A page that watches asks again every few seconds
// while it can be seen; whatever a page left running is aborted when another opens.
import { ApiError, key } from './api.js';
import { element } from './dom.js';
import { clusterPage } from './cluster.js';
import { indexPage, indexesPage } from './indexes.js';
import { searchPage } from './search.js';

const seconds = 5;
const main = document.getElementById('main');
const status = document.getElementById('status');
const leave = document.getElementById('leave');
const theme = document.getElementById('theme');
let running = new AbortController();

function pageOf(fragment) {
  const [, page, name] = fragment.split('/').map(decodeURIComponent);
  if (page === 'search') return { title: 'Search', open: signal => searchPage(name, signal) };
  if (page === 'cluster') return { title: 'Cluster', open: clusterPage, live: true };
  if (name) return { title: name, open: signal => indexPage(name, signal), live: true };
  return { title: 'Indexes', open: indexesPage, live: true };
}

function loginPage(reason) {
  const field = element('input', { id: 'key', type: 'password', autocomplete: 'off', required: true, size: 60 });
  const enter = event => { event.preventDefault(); key.set(field.value.trim()); open(); };
  leave.hidden = true;
  main.replaceChildren(
    element('h1', {}, 'Sign in'),
    reason ? element('p', { class: 'notice bad', role: 'alert' }, reason) : null,
    element('form', { onsubmit: enter },
      element('label', { class: 'wide' }, 'API key', field),
      element('button', { class: 'first' }, 'Sign in')),
    element('p', { class: 'quiet' }, 'The key stays in this tab and is forgotten when it closes.'));
  field.focus();
}

async function show(page, signal, keepFocus) {
  try {
    const content = await page.open(signal);
    if (signal.aborted) return;
    main.replaceChildren(...content);
    if (!keepFocus) main.focus();
    status.textContent = page.live ? `Updated ${new Date().toLocaleTimeString()}` : '';
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof ApiError && error.status === 401) {
      key.forget();
      loginPage('The key is not valid.');
      return;
    }
    main.replaceChildren(element('h1', {}, page.title), element('p', { class: 'notice bad', role: 'alert' }, error.message));
  }
}

async function open() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const page = pageOf(location.hash || '#/indexes');
  document.title = `${page.title} · Platform console`;
  for (const link of document.querySelectorAll('nav a')) {
    if (location.hash.startsWith(link.hash) && link.hash) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (!key.get()) { loginPage(); return; }
  leave.hidden = false;
  await show(page, signal, false);
  if (!page.live) return;
  const timer = setInterval(() => { if (!document.hidden && key.get()) show(page, signal, true); }, seconds * 1000);
  signal.addEventListener('abort', () => clearInterval(timer));
}

function paint(name) {
  document.documentElement.dataset.theme = name;
  theme.textContent = name === 'dark' ? 'Light' : 'Dark';
}

paint(localStorage.getItem('platform-theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
theme.addEventListener('click', () => {
  paint(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  localStorage.setItem('platform-theme', document.documentElement.dataset.theme);
});
leave.addEventListener('click', () => { running.abort(); key.forget(); loginPage(); });
addEventListener('hashchange', open);
open();
