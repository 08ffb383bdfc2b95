// Saves a form by itself: a while after something was typed, and when its page goes out of sight. What
// is typed is sent to where the form goes, and is never kept on this device.
const form = document.querySelector('form[data-autosave]');
const EVERY = Number(form.dataset.autosave) || 20000;
const line = document.createElement('p');
line.className = 'govuk-body app-quiet app-saved';
line.setAttribute('role', 'status');
form.append(line);

function typed() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.delete('_key');
  data.set('_action', 'autosave');
  return new URLSearchParams(data).toString();
}

function address() {
  const to = new URL(form.action || location.href, location.href);
  to.searchParams.set('quiet', 'yes');
  to.hash = '';
  return to;
}

// A page that came back holds what was typed, and nobody has saved that yet.
let saved = 'unsaved' in form.dataset ? '' : typed();
let at = '';
let leaving = false;
let waits = null;
let fault = null; // status of the last save, where it failed

const why = (status) => ({
  0: 'this device has no connection',
  401: 'you are no longer signed in. Send or save the form, and you are asked to sign in first',
  400: 'this page is out of date. Send or save the form, and it is given back to you to send again',
  403: 'somebody else is signed in here now',
  404: 'this form is no longer open to you',
  409: 'the task is closed, or somebody else has taken it',
  422: 'it was not taken. Save the form to see why',
})[status] || 'the site did not answer';

function failed(status) {
  fault = status;
  const since = at ? `Not saved since ${at}` : 'Not saved';
  line.textContent = `${since}: ${why(status)}. What you typed is still on this page.`;
  line.classList.add('app-saved--not');
}

async function save(last = false) {
  const body = typed();
  if (leaving || body === saved) return;
  if (waits && !last) return;
  waits?.abort(); // an older state is under way, and this page may not live until it is answered
  const mine = waits = new AbortController();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const options = { method: 'POST', body, headers, redirect: 'manual', signal: mine.signal };
  // What goes on behind a page that is gone may have 64 kilobytes.
  if (body.length < 60000) options.keepalive = true;
  try {
    const answer = await fetch(address(), options);
    if (answer.ok && answer.headers.get('Content-Type').startsWith('application/json')) {
      const told = await answer.json();
      saved = body;
      fault = null;
      at = told.at;
      const stood = form.querySelector('input[name="_stood"]');
      if (stood) {
        stood.value = told.stood;
        saved = new URLSearchParams([...new URLSearchParams(body)].map(([name, value]) => [name, name === '_stood' ? told.stood : value])).toString();
      }
      line.classList.remove('app-saved--not');
      if (line.textContent !== told.words) line.textContent = told.words;
    } else {
      failed(answer.ok ? 401 : answer.status);
    }
  } catch (error) {
    if (error.name !== 'AbortError') failed(0);
  } finally {
    if (waits === mine) waits = null;
  }
}

setInterval(() => save(), EVERY);
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') save(true); });
document.addEventListener('freeze', () => save(true));
window.addEventListener('pagehide', () => save(true));
const loses = () => fault === 0 || fault === 403 || fault >= 500;
// Any button of the form sends it all: what is under way must not come behind that. Where the site was
// away, or somebody else is signed in, the page would go and its words with it: it is tried once more.
form.addEventListener('submit', async (event) => {
  if (!loses()) {
    leaving = true;
    waits?.abort();
    return;
  }
  event.preventDefault();
  fault = null;
  await save(true);
  if (loses()) line.scrollIntoView({ block: 'nearest' });
  else form.requestSubmit(event.submitter);
});
window.addEventListener('pageshow', () => { leaving = false; });
document.body.dataset.autosave = 'ready';
