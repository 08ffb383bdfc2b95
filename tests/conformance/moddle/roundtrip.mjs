// Reads every diagram of a folder as the modelers do, writes it again into another folder, and
// prints a line of JSON with what it warned of: node roundtrip.mjs IN OUT
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BpmnModdle } from 'bpmn-moddle';
import { DmnModdle } from 'dmn-moddle';

const zeebe = createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json');
const [from, to] = process.argv.slice(2);
const readers = {
  bpmn: () => [new BpmnModdle({ zeebe }), 'bpmn:Definitions'],
  dmn: () => [new DmnModdle(), 'dmn:Definitions']
};
const said = {};

for (const name of readdirSync(from)) {
  const make = readers[name.split('.').pop()];
  if (!make) {
    continue;
  }
  const [moddle, type] = make();
  try {
    const { rootElement, warnings } = await moddle.fromXML(readFileSync(join(from, name), 'utf8'), type);
    const { xml } = await moddle.toXML(rootElement, { format: true });
    writeFileSync(join(to, name), xml);
    said[name] = warnings.map((one) => one.message);
  } catch (error) {
    said[name] = ['not read: ' + error.message];
  }
}
console.log(JSON.stringify(said));
