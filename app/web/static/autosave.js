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

let saved = typed();
let at = '';
let leaving = false;
let waits = null;

const why = (status) => ({
  0: 'this device has no connection',
  401: 'you are no longer signed in. Send or save the form, and you are asked to sign in first',
  400: 'somebody else is signed in here now',
  404: 'this form is no longer open to you',
  409: 'the task is closed, or somebody else has taken it',
  422: 'it was not taken. Save the form to see why',
})[status] || 'the site did not answer';

function failed(status) {
  const since = at ? `Not saved since ${at}` : 'Not saved';
  line.textContent = `${since}: ${why(status)}. What you typed is still on this page.`;
  line.classList.add('app-saved--not');
}

async function save() {
  const body = typed();
  if (leaving || waits || body === saved) return;
  waits = new AbortController();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const options = { method: 'POST', body, headers, redirect: 'manual', signal: waits.signal };
  // What goes on behind a page that is gone may have 64 kilobytes.
  if (body.length < 60000) options.keepalive = true;
  try {
    const answer = await fetch(address(), options);
    if (answer.ok && answer.headers.get('Content-Type').startsWith('application/json')) {
      const told = await answer.json();
      saved = body;
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
    waits = null;
  }
}

setInterval(save, EVERY);
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') save(); });
window.addEventListener('pagehide', save);
// Any button of the form sends it all: what is under way must not come behind that.
form.addEventListener('submit', () => { leaving = true; waits?.abort(); });
window.addEventListener('pageshow', () => { leaving = false; });
document.body.dataset.autosave = 'ready';
