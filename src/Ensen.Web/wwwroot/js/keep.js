// Back to a form finds it as it was filled in: <form data-keep="whose">. The browser itself forgets fields it is not to complete.
//
// What was typed is kept in this entry of the tab's own history, for this session alone (data-keep is another for everybody else), and never
// in an address. Hidden fields are the server's; what is secret is not kept. A message about what was typed before is not shown again.

const secret = ['password', 'pin', 'code'];

/** @param {HTMLFormElement} form */
export function start(form) {
  const whose = form.dataset.keep;
  const fields = () => [...form.elements].filter(field => field.name && field.type !== 'hidden' && field.tagName !== 'BUTTON' && !secret.includes(field.name)
    && field.type !== 'password');
  const isChoice = field => field.type === 'radio' || field.type === 'checkbox';

  const keep = () => {
    const typed = fields().filter(field => !isChoice(field) || field.checked).map(field => [field.name, field.value]);
    try {
      history.replaceState({ ...history.state, typed: { whose, page: form.action, fields: typed } }, '');
    } catch {
      // Too many changes at once for this browser: the form is sent all the same.
    }
  };

  const kept = history.state && history.state.typed;
  if (kept && kept.whose === whose && kept.page === form.action) {
    const values = new Map(kept.fields);
    for (const field of fields()) {
      if (isChoice(field)) field.checked = values.get(field.name) === field.value;
      else if (values.has(field.name) && values.get(field.name) !== field.value) field.value = values.get(field.name);
      else continue;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    for (const said of form.querySelectorAll('.error[role=alert]')) said.textContent = '';
    for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  }
  form.addEventListener('change', keep);
  form.addEventListener('submit', keep);
}
