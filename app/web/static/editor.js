// The diagram editor's page: opens the diagram, sends it to the check, gives it as a file.
const part = id => document.getElementById('editor-' + id);
const form = part('form');
const { start } = await import(form.dataset.modeler);

let changed = false;
const say = sentence => { part('status').textContent = sentence; };

async function open() {
  const { modeler, warnings } = await start({
    canvas: part('canvas'), panel: part('panel'),
    xml: part('xml').value.trimStart(), templates: JSON.parse(part('templates').value)
  });
  modeler.on('commandStack.changed', () => { changed = true; });
  say(warnings.length ? `The diagram was opened, but ${warnings.length} things in it were not understood.` : 'The diagram is open.');
  return modeler;
}

async function write(modeler) {
  const { xml } = await modeler.saveXML({ format: true });
  return xml;
}

function download(xml) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }));
  link.download = form.dataset.name;
  link.click();
  URL.revokeObjectURL(link.href);
}

try {
  const modeler = await open();
  form.addEventListener('submit', async event => {
    event.preventDefault();
    part('xml').value = await write(modeler);
    changed = false;
    form.submit();
  });
  part('download').addEventListener('click', async () => download(await write(modeler)));
  window.addEventListener('beforeunload', event => { if (changed) event.preventDefault(); });
  part('save').disabled = part('download').disabled = false;
  document.body.dataset.editor = 'ready';
} catch (error) {
  say('The diagram could not be opened in the editor: ' + error.message);
}
