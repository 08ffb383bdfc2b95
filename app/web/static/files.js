// Says at once which of the chosen files are too large, and leaves them out: what is never sent takes
// nobody's time. The server looks again, and says the same where scripts are off.
const form = document.querySelector('form.app-form');
const pickers = () => [...form.querySelectorAll('input[type=file][data-most]')];
const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1).replace('.0', '')} MB`);

function told(picker) {
  const id = `${picker.id}-left-out`;
  let line = document.getElementById(id);
  if (!line) {
    line = document.createElement('div');
    line.id = id;
    line.setAttribute('role', 'status');
    picker.before(line);
    picker.setAttribute('aria-describedby', `${picker.getAttribute('aria-describedby') ?? ''} ${id}`.trim());
  }
  return line;
}

function look(picker) {
  const most = Number(picker.dataset.most), together = Number(picker.dataset.together);
  let left = together;
  for (const other of pickers()) if (other !== picker) for (const file of other.files) left -= file.size;
  const taken = new DataTransfer(), sentences = [];
  for (const file of picker.files) {
    if (file.size > most) {
      sentences.push(`“${file.name}” is left out. It is larger than ${size(most)}: it has ${size(file.size)}.`);
    } else if (file.size > left) {
      sentences.push(`“${file.name}” is left out. With the others that you chose it is more than ${size(together)}. Upload those, then choose it again.`);
    } else {
      left -= file.size;
      taken.items.add(file);
    }
  }
  if (sentences.length) picker.files = taken.files;
  told(picker).replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement('p');
    line.className = 'govuk-error-message';
    line.textContent = sentence;
    return line;
  }));
}

form?.addEventListener('change', (event) => { if (pickers().includes(event.target)) look(event.target); });
document.body.dataset.files = 'ready';
