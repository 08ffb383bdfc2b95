// The history's slider: fetches the drawing of a step from the server and shows it with its words.
// Without this script the links Previous and Next do the same.
const part = name => document.getElementById('replay-' + name);
const box = document.getElementById('replay');

if (box) start(box.dataset.steps.split(',').filter(Boolean).map(Number));

function start(steps) {
  const slider = part('slider'), play = part('play'), drawn = new Map();
  let timer = null, wanted = 0;
  if (!steps.length) return;

  function load(step) {
    if (!drawn.has(step)) {
      const answer = fetch(`${box.dataset.source}?step=${step}`, { credentials: 'same-origin' })
        .then(found => { if (!found.ok) throw new Error(String(found.status)); return found.json(); });
      answer.catch(() => drawn.delete(step));
      drawn.set(step, answer);
    }
    return drawn.get(step);
  }

  async function show(at) {
    wanted = Math.max(0, Math.min(steps.length - 1, at));
    slider.value = wanted;
    const step = steps[wanted], mine = wanted;
    let found;
    try { found = await load(step); } catch { stop(); part('now').textContent = 'This step could not be fetched. Try again.'; return; }
    if (mine !== wanted) return;
    const words = `${wanted + 1} of ${steps.length}. ${found.words}`;
    part('now').textContent = words;
    slider.setAttribute('aria-valuetext', words);
    draw(found);
    mark(step);
    if (wanted + 1 < steps.length) load(steps[wanted + 1]).catch(() => {});
  }

  function draw(found) {
    const target = part('drawing'), left = target.scrollLeft, top = target.scrollTop;
    const svg = new DOMParser().parseFromString(found.svg, 'image/svg+xml').documentElement;
    const same = target.getAttribute('data-name') === found.name;
    target.replaceChildren(document.importNode(svg, true));
    target.setAttribute('data-name', found.name);
    target.setAttribute('aria-label', `Diagram of ${found.name} at this step`);
    if (same) { target.scrollLeft = left; target.scrollTop = top; }
    const now = target.querySelector('.bpmn-now');
    if (now) bring(now, target);
  }

  // Scrolls the drawing, not the page.
  function bring(sign, target) {
    const a = sign.getBoundingClientRect(), b = target.getBoundingClientRect();
    if (a.left < b.left || a.right > b.right) target.scrollLeft += (a.left + a.right - b.left - b.right) / 2;
    if (a.top < b.top || a.bottom > b.bottom) target.scrollTop += (a.top + a.bottom - b.top - b.bottom) / 2;
  }

  function mark(step) {
    for (const row of document.querySelectorAll('#replay-table tr[data-step]')) {
      const here = Number(row.dataset.step) === step;
      row.classList.toggle('replay__row--now', here);
      if (here) row.setAttribute('aria-current', 'step'); else row.removeAttribute('aria-current');
    }
  }

  function stop() {
    clearInterval(timer); timer = null;
    play.textContent = 'Play'; play.setAttribute('aria-pressed', 'false');
  }

  function toggle() {
    if (timer) { stop(); return; }
    if (wanted === steps.length - 1) show(0);
    play.textContent = 'Pause'; play.setAttribute('aria-pressed', 'true');
    timer = setInterval(() => { if (wanted === steps.length - 1) stop(); else show(wanted + 1); }, 1200);
  }

  slider.addEventListener('input', () => { stop(); show(Number(slider.value)); });
  part('previous').addEventListener('click', () => { stop(); show(wanted - 1); });
  part('next').addEventListener('click', () => { stop(); show(wanted + 1); });
  play.addEventListener('click', toggle);

  const first = steps.indexOf(Number(box.dataset.step));
  wanted = first < 0 ? steps.length - 1 : first;
  slider.value = wanted;
  slider.setAttribute('aria-valuetext', `${wanted + 1} of ${steps.length}. ${part('now').textContent}`);
  const sign = part('drawing').querySelector('.bpmn-now');
  if (sign) bring(sign, part('drawing'));
  part('bar').hidden = false;
  box.classList.add('replay--live');
  box.dataset.ready = 'yes';
}
