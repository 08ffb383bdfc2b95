// Bundles the npm packages into the folder given by ASSETS_OUT. `python -m app.assets` calls it;
// what comes out is git-ignored. Who decides whether it is needed at all is app/assets.py.
import { build } from 'esbuild';
import * as sass from 'sass';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = process.env.ASSETS_OUT;
const packages = path.join(here, 'node_modules');
if (!out) throw new Error('ASSETS_OUT is not set; run: python -m app.assets');

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

// bpmnlint looks its rules up by name at run time; a bundle needs them by import.
const lintRules = {
  name: 'bpmnlint-rules',
  setup(bundle) {
    bundle.onResolve({ filter: /^virtual:bpmnlint-rules$/ }, () => ({ path: 'rules', namespace: 'lint' }));
    bundle.onLoad({ filter: /.*/, namespace: 'lint' }, () => {
      const names = readdirSync(path.join(packages, 'bpmnlint/rules'))
        .filter(file => file.endsWith('.js') && file !== 'helper.js')
        .map(file => file.slice(0, -3));
      const imports = names.map((name, i) => `import r${i} from 'bpmnlint/rules/${name}.js';`).join('');
      const table = names.map((name, i) => `'${name}': r${i}`).join(',');
      return { resolveDir: here, contents: `${imports} export default {${table}};` };
    });
  }
};

async function scripts() {
  await build({
    absWorkingDir: here,
    entryPoints: ['src/modeler.js'],
    bundle: true, minify: true, format: 'esm', target: 'es2020', outdir: out,
    legalComments: 'linked', logLevel: 'warning', plugins: [lintRules], loader: { '.svg': 'text' }
  });
  cpSync(path.join(packages, 'govuk-frontend/dist/govuk/govuk-frontend.min.js'), path.join(out, 'govuk-frontend.min.js'));
}

// The signs of a diagram as a font of SVG, for browsers of ten years ago: three quarters of the stylesheet.
const noSvgFont = {
  name: 'no-svg-font',
  setup(bundle) {
    bundle.onLoad({ filter: /bpmn-font.font.bpmn\.svg$/ }, () => ({ contents: '', loader: 'empty' }));
  }
};

// Pictures are put into the stylesheet; of a font the form that every browser takes lies beside it, under its digest.
// bpmn-embedded.css holds each of them twice, in forms that hardly pack.
async function stylesheet(name, files) {
  await build({
    absWorkingDir: here,
    stdin: {
      contents: files.map(file => `@import ${JSON.stringify(path.join(packages, file))};`).join('\n'),
      loader: 'css', resolveDir: here
    },
    bundle: true, minify: true, outfile: path.join(out, name), assetNames: '[name]-[hash]', logLevel: 'error', plugins: [noSvgFont],
    loader: { '.woff': 'empty', '.woff2': 'file', '.eot': 'empty', '.ttf': 'empty', '.svg': 'dataurl', '.png': 'dataurl' }
  });
}

function siteStyles() {
  const quiet = ['import', 'global-builtin', 'color-functions', 'if-function'].filter(name => name in sass.deprecations);
  const { css } = sass.compile(path.join(here, 'src/site.scss'), {
    style: 'compressed', loadPaths: [packages, here], quietDeps: true, silenceDeprecations: quiet, logger: sass.Logger.silent
  });
  writeFileSync(path.join(out, 'site.css'), css);
}

function mojImages() {
  const images = path.join(packages, '@ministryofjustice/frontend/moj/assets/images');
  cpSync(images, path.join(out, 'moj/images'), { recursive: true, filter: file => !/crown/.test(file) });
}

// Everything that npm installed ends up in the bundles or makes them; name them all.
function licences() {
  const lock = JSON.parse(readFileSync(path.join(here, 'package-lock.json')));
  const texts = [];
  for (const [where, { optional }] of Object.entries(lock.packages).sort()) {
    if (!where || optional) continue;
    const folder = path.join(here, where);
    const about = JSON.parse(readFileSync(path.join(folder, 'package.json')));
    const file = readdirSync(folder).find(name => /^licen[cs]e/i.test(name));
    const licence = typeof about.license === 'string' ? about.license : about.license?.type ?? 'see below';
    texts.push(`${about.name} ${about.version} (${licence})\n${file ? readFileSync(path.join(folder, file), 'utf8') : ''}`);
  }
  writeFileSync(path.join(out, 'LICENSES.txt'), texts.join('\n' + '-'.repeat(70) + '\n'));
}

await scripts();
await stylesheet('bpmn.css', [
  'bpmn-js/dist/assets/diagram-js.css',
  'bpmn-js/dist/assets/bpmn-js.css',
  'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
]);
await stylesheet('modeler.css', [
  '@bpmn-io/properties-panel/dist/assets/properties-panel.css',
  'bpmn-js-element-templates/dist/assets/element-templates.css',
  'bpmn-js-bpmnlint/dist/assets/css/bpmn-js-bpmnlint.css',
  'diagram-js-minimap/assets/diagram-js-minimap.css',
  '@bpmn-io/element-template-chooser/dist/element-template-chooser.css'
]);
siteStyles();
mojImages();
licences();
