// The diagram editor with the Camunda 8 panel and our element templates. The page that holds it
// (app/web/static/editor.js) fetches, saves and says what happened.
import Modeler from 'bpmn-js/lib/Modeler';
import {
  BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule
} from 'bpmn-js-properties-panel';
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import TemplateChooser from '@bpmn-io/element-template-chooser';
import CamundaCloudBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import lint from 'bpmn-js-bpmnlint';
import minimap from 'diagram-js-minimap';
import bpmnlint from './lint.js';

export async function start({ canvas, panel, xml, templates }) {
  const modeler = new Modeler({
    container: canvas,
    propertiesPanel: { parent: panel },
    linting: { active: true, bpmnlint },
    moddleExtensions: { zeebe },
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule,
      CloudElementTemplatesPropertiesProviderModule, TemplateChooser, CamundaCloudBehaviors,
      lint, minimap
    ],
    elementTemplates: templates
  });
  const { warnings } = await modeler.importXML(xml);
  modeler.get('canvas').zoom('fit-viewport', 'auto');
  return { modeler, warnings };
}
