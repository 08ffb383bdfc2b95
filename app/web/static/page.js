// Every page: the Design System's own behaviour. Nothing on a page needs it.
const address = document.querySelector('script[data-govuk]').dataset.govuk;
const { initAll } = await import(address);
initAll();

// A drawing lies at an address of its own. What is no drawing (the session has ended) is not put in.
async function draw(box) {
  const answer = await fetch(box.dataset.drawing).catch(() => null);
  if (answer?.ok && answer.headers.get('Content-Type').startsWith('image/svg+xml')) {
    const drawn = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
    box.replaceChildren(document.importNode(drawn.documentElement, true));
  } else {
    box.textContent = 'The drawing could not be fetched. Load this page again.';
  }
}
await Promise.all([...document.querySelectorAll('.app-diagram[data-drawing]')].map(draw));

// A drawing is often wider than the page: begin where something is open.
for (const box of document.querySelectorAll('.app-diagram')) {
  const open = box.querySelector('g.active, g.wrong');
  if (!open) continue;
  const here = open.getBoundingClientRect(), frame = box.getBoundingClientRect();
  box.scrollLeft += here.left - frame.left - (frame.width - here.width) / 2;
  box.scrollTop += here.top - frame.top - (frame.height - here.height) / 2;
}
document.body.dataset.ready = 'yes';
