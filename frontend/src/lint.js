// What the editor says while somebody draws. The check on the server is the gate; this is a help.
// Each rule is imported by name, so that it can be bundled.
import StaticResolver from 'bpmnlint/lib/resolver/static-resolver.js';
import recommended from 'bpmnlint/config/recommended.js';
import rules from 'virtual:bpmnlint-rules';

function extension(node, type) {
  const values = node.get('extensionElements')?.get('values') ?? [];
  return values.find(value => value.$type === type);
}

// A person can only work on a task that says with which form and who.
function taskForPeople() {
  return {
    check(node, reporter) {
      if (node.$type !== 'bpmn:UserTask') return;
      if (!extension(node, 'zeebe:formDefinition')) reporter.report(node.id, 'This task has no form');
      if (!extension(node, 'zeebe:assignmentDefinition')) reporter.report(node.id, 'This task names nobody who may do it');
      if (!extension(node, 'zeebe:taskSchedule')) reporter.report(node.id, 'This task has no deadline');
    }
  };
}

const known = { 'rule:bpmnlint-plugin-house/task-for-people': taskForPeople };
for (const [name, rule] of Object.entries(rules)) known['rule:bpmnlint/' + name] = rule;

export default {
  resolver: new StaticResolver(known),
  config: { rules: { ...recommended.rules, 'house/task-for-people': 'warn' } }
};
