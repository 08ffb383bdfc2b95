// A code goes on by itself once its last digit is typed or pasted. The hint says so before anybody types.
const field = document.querySelector('[data-digits]');
if (field) {
  const hint = document.getElementById(`${field.id}-hint`);
  if (hint) hint.textContent = `${hint.textContent.trim()}. The page goes on by itself after the last digit`;
  let gone = false;
  field.addEventListener('input', () => {
    const typed = field.value.replace(/\s/g, '');
    if (gone || !/^[0-9]+$/.test(typed) || typed.length !== Number(field.dataset.digits)) return;
    gone = true;
    field.form.requestSubmit(field.form.querySelector('[value="enter"]'));
  });
}
