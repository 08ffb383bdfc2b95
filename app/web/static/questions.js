// Questions that only the server can open: where scripts run they open and close at once, without
// the page being sent. Nothing is answered, checked or kept by it.
const form = document.querySelector('form.app-form[data-decides]');
if (form) {
  const decides = new Set(form.dataset.decides.split(' '));
  const status = form.querySelector('.app-opened');
  const closed = new Map(); // what was closed keeps what was typed in it
  const { initAll } = await import(document.querySelector('script[data-govuk]').dataset.govuk);
  const all = (root) => [...root.querySelectorAll('[data-question]')];
  const at = (id) => form.querySelector(`[data-question="${CSS.escape(id)}"]`);
  const name = (box) => box.dataset.name || box.textContent.replace(/\s+/g, ' ').trim();
  let asked = 0;

  // In front of the next of its neighbours that stands on this page, else at the end of its level.
  function place(there) {
    for (let next = there.nextElementSibling; next; next = next.nextElementSibling) {
      const here = next.dataset.question && at(next.dataset.question);
      if (here) return (box) => here.before(box);
    }
    for (let last = there.previousElementSibling; last; last = last.previousElementSibling) {
      const here = last.dataset.question && at(last.dataset.question);
      if (here) return (box) => here.after(box);
    }
    return null;
  }

  function open(page) {
    const now = all(page);
    const there = new Set(now.map((box) => box.dataset.question));
    const opened = [];
    let whole = true;
    for (const box of now) {
      const id = box.dataset.question, here = at(id);
      if (here) {
        if (id.startsWith('known-') && name(here) !== name(box)) here.replaceWith(document.importNode(box, true));
        continue;
      }
      const put = place(box);
      whole &&= Boolean(put);
      if (!put) continue;
      const fresh = closed.get(id) ?? document.importNode(box, true);
      closed.delete(id);
      put(fresh);
      if (!fresh.dataset.ready) initAll({ scope: fresh });
      fresh.dataset.ready = 'yes';
      opened.push(name(fresh));
    }
    for (const box of all(form)) {
      if (there.has(box.dataset.question) || !box.isConnected || box.contains(document.activeElement)) continue;
      closed.set(box.dataset.question, box);
      box.remove();
    }
    for (const field of whole ? ['_shown', '_stood'] : []) { // else the server names what is missing
      const mine = form.querySelector(`[name=${field}]`), after = page.querySelector(`[name=${field}]`);
      if (mine && after) mine.value = after.value;
    }
    return opened;
  }

  async function ask() {
    const mine = ++asked, data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set('_action', 'look');
    const answer = await fetch(form.action || location.href, { method: 'POST', body: data }).catch(() => null);
    if (!answer?.ok || mine !== asked) return; // the page is sent as it is, and the server names them
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('form.app-form');
    if (!page || mine !== asked) return;
    const opened = open(page);
    if (opened.length) status.textContent = `Your answer has opened: ${opened.join('; ')}.`;
  }

  form.addEventListener('change', (event) => {
    const keys = (event.target.name ?? '').replace(/\[\]$/, '').replace(/-(day|month|year|time)$/, '').split('.');
    if (keys.some((key) => decides.has(key))) ask();
  });
}
