// Tells while it is typed which parts of the password rule are met. It only helps: the server decides.
//
//   <div data-password data-symbols="!#…" data-met="…">
//     <input type="password"> <li data-rule="length" data-least="8" data-most="64"><span data-mark></span>… <span data-said></span></li>
//     <button type="button" data-reveal="word while it is shown">word while it is hidden</button>
//   </div>

/** @type {Record<string, (text: string, rule: DOMStringMap, symbols: string) => boolean>} */
const rules = {
  length: (text, { least, most }) => [...text].length >= Number(least) && [...text].length <= Number(most),
  kinds: text => /[0-9]/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text),
  symbol: (text, _, symbols) => [...text].some(letter => symbols.includes(letter)),
  half: text => /^[\x20-\x7e]+$/.test(text),
  space: text => text !== '' && text === text.trim(),
};

/** @param {HTMLElement} box */
export function start(box) {
  const field = box.querySelector('input');
  const refresh = () => {
    for (const item of box.querySelectorAll('[data-rule]')) {
      const met = rules[item.dataset.rule](field.value, item.dataset, box.dataset.symbols);
      item.classList.toggle('up', met);
      item.querySelector('[data-mark]').textContent = met ? '✓' : '・';
      item.querySelector('[data-said]').textContent = met ? box.dataset.met : '';
    }
  };
  field.addEventListener('input', refresh);
  refresh();

  const reveal = box.querySelector('[data-reveal]');
  if (!reveal) return;
  const hidden = reveal.textContent;
  reveal.addEventListener('click', () => {
    const show = field.type === 'password';
    field.type = show ? 'text' : 'password';
    reveal.textContent = show ? reveal.dataset.reveal : hidden;
  });
}
