// Warns before the session ends, with a way to stay; every page says the same in words.
const box = document.getElementById('app-session');
const begun = Date.now();
let seconds = Number(box.dataset.seconds);
let from = begun;
const WARN = Math.min(120, seconds / 2);

const dialog = document.createElement('dialog');
dialog.className = 'app-session__dialog';
dialog.setAttribute('aria-labelledby', 'app-session-title');
const title = document.createElement('h2');
title.id = 'app-session-title';
title.className = 'govuk-heading-m';
const text = document.createElement('p');
text.className = 'govuk-body';
text.setAttribute('role', 'status');
const stay = document.createElement('button');
stay.className = 'govuk-button';
stay.type = 'button';
stay.textContent = 'Stay signed in';
dialog.append(title, text, stay);
document.body.append(dialog);

const left = () => seconds - (Date.now() - from) / 1000;
const minutes = (count) => count > 90 ? `${Math.ceil(count / 60)} minutes` : 'about a minute';

function look() {
  const rest = left();
  if (rest <= 0) {
    title.textContent = 'You were signed out';
    text.textContent = 'Nothing happened for a while. What you typed stays on this page: send it, and you are asked to sign in first.';
    stay.remove();
    if (!dialog.open) dialog.showModal();
    if (!dialog.querySelector('a')) {
      const close = document.createElement('a');
      close.className = 'govuk-link';
      close.href = '#main-content';
      close.textContent = 'Go back to the page';
      close.addEventListener('click', () => dialog.close());
      dialog.append(close);
    }
    return;
  }
  if (rest <= WARN && !dialog.open) {
    title.textContent = 'You will be signed out soon';
    text.textContent = `For your security you are signed out in ${minutes(rest)}. What you typed is not lost.`;
    dialog.showModal();
  }
  setTimeout(look, Math.max(500, Math.min(15000, (rest - WARN) * 1000)));
}

stay.addEventListener('click', async () => {
  const token = document.querySelector('input[name="csrf_token"]').value;
  const body = new URLSearchParams({ csrf_token: token, quiet: 'yes' });
  const answer = await fetch(box.dataset.stay, { method: 'POST', body, redirect: 'manual' }).catch(() => null);
  if (answer && answer.status === 204) {
    from = Date.now();
    dialog.close();
  } else {
    text.textContent = 'This did not work. Open another page of this site, or sign in again.';
  }
});
look();
