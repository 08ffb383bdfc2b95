// Every page: the Design System's own behaviour. Nothing on a page needs it.
const address = document.querySelector('script[data-govuk]').dataset.govuk;
const { initAll } = await import(address);
initAll();
document.body.dataset.ready = 'yes';
