// Every question that stands on the page, in its order: what it asks, how, and whether it is answered.
() => {
  const groups = [...document.querySelectorAll('form.app-form .govuk-form-group')];
  const said = (element) => (element ? element.innerText : '').trim();
  const standing = groups.filter((group) => group.offsetParent && !group.closest('.govuk-date-input'));
  return standing.map((group) => {
    const own = (selector) => [...group.querySelectorAll(selector)]
      .filter((element) => element.closest('.govuk-form-group') === group);
    const [date] = own('.govuk-date-input'), [radios] = own('.govuk-radios'), [checks] = own('.govuk-checkboxes');
    const plain = own('select, textarea, input:not([type=hidden])');
    const within = (box) => [...group.querySelectorAll('input')]
      .filter((input) => input.closest('.govuk-radios, .govuk-checkboxes, .govuk-date-input') === box);
    const inputs = date || radios || checks ? within(date || radios || checks) : plain;
    const select = inputs.find((input) => input.tagName === 'SELECT');
    const kind = date ? 'date' : radios ? 'radio' : checks ? 'checks' : select ? 'select' : 'text';
    return {
      kind,
      asks: said(own('legend')[0] || own('label')[0]),
      error: said(own('.govuk-error-message')[0]),
      name: inputs.length ? inputs[0].name : '',
      ids: inputs.map((input) => input.id),
      labels: inputs.map((input) => said(input.labels[0])),
      choices: select ? [...select.options].map((option) => option.text) : [],
      answered: inputs.some((input) => ['radio', 'checkbox'].includes(input.type) ? input.checked : input.value),
    };
  }).filter((question) => question.ids.length);
}
