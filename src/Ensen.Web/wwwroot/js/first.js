// Runs before anything is drawn, in any browser that ever was. It says that script runs (.js), so that all has its place at once and nothing
// jumps, and it takes what is pressed on a pad until the modules are there. Should they not come, or break, the page is again what it is
// without script: a plain form that does the work.
(function () {
  var page = document.documentElement;
  if (!('noModule' in document.createElement('script')) || !page.closest) return;
  page.classList.add('js');
  try {
    if (localStorage.getItem('ensen.plain')) page.classList.add('pressing');
  } catch (_) { /* Nothing is kept here. */ }

  function awake() { return page.hasAttribute('data-awake'); }
  function plain(why) {
    if (awake() || !page.classList.contains('js')) return;
    page.classList.remove('js');
    page.setAttribute('data-plain-why', why); // For whoever looks for the cause.
  }
  function part(event, name) { return !awake() && event.target && event.target.closest ? event.target.closest(name) : null; }
  addEventListener('error', function (event) {
    if (event.target === window || event.target.tagName === 'SCRIPT') plain(event.message || 'no ' + event.target.src);
  }, true);
  setTimeout(function () { plain('late'); }, 8000);

  addEventListener('click', function (event) {
    var key = part(event, '[data-key]');
    if (!key) return;
    var field = key.closest('[data-pad]').querySelector('input'), pressed = key.getAttribute('data-key');
    field.value = pressed === 'back' ? field.value.slice(0, -1) : field.value + pressed;
  }, true);
  addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && part(event, '[data-pad] input')) event.preventDefault();
  }, true);
})();
