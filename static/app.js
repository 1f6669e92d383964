/* Small comforts on top of pages that work without this file: the connection chip, a calm word when a request fails,
   no double submit, and the print button. No framework, no inline handlers (the content policy forbids them). */
(function () {
  'use strict';

  function showConnection() {
    document.querySelectorAll('[data-net=""]').forEach(function (chip) {
      chip.classList.toggle('off', !navigator.onLine);
      chip.querySelector('[data-net-word]').textContent = navigator.onLine ? chip.dataset.on : chip.dataset.off;
    });
  }
  window.addEventListener('online', showConnection);
  window.addEventListener('offline', showConnection);

  function sayItBroke(event) {
    if (event.target.closest('[data-offline]')) return; // a page that works without network says so itself
    var place = document.getElementById('messages');
    if (!place) return;
    var note = document.createElement('div');
    note.className = 'x-note stop';
    note.innerHTML = '<svg class="i" aria-hidden="true"><use href=""></use></svg><b></b><p></p>';
    var sprite = document.querySelector('svg use[href*="icons"]');
    if (sprite) note.querySelector('use').setAttribute('href', sprite.getAttribute('href').split('#')[0] + '#alert-triangle');
    note.querySelector('b').textContent = place.dataset.brokenTitle;
    note.querySelector('p').textContent = place.dataset.brokenText;
    place.replaceChildren(note);
    note.scrollIntoView({ block: 'nearest' });
  }
  document.addEventListener('htmx:responseError', sayItBroke);
  document.addEventListener('htmx:sendError', sayItBroke);

  // A second tap on a slow network must not send the form twice; coming back to the page opens it again.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    window.setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; });
  });

  // A swap takes the pressed button away: whoever works with the keyboard goes on at the first card of the same lane, or at what was said.
  var lane = '';
  document.addEventListener('htmx:beforeRequest', function (event) {
    var column = event.target.closest('#board .x-col');
    if (column) lane = column.getAttribute('aria-labelledby');
  });
  document.addEventListener('htmx:afterSettle', function () {
    if (!lane || document.activeElement !== document.body) return;
    var next = document.querySelector('[aria-labelledby="' + lane + '"] .x-fam h3 a') || document.querySelector('#messages button, #board a');
    lane = '';
    if (next && next.offsetParent) next.focus({ preventScroll: true });
  });

  document.addEventListener('click', function (event) {
    if (event.target.closest('[data-print]')) window.print();
    var mistake = event.target.closest('.x-mistakes a');
    var field = mistake && document.getElementById(mistake.hash.slice(1));
    if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: 'center' }); }
  });

  // The name of a chosen file, in the place of "None chosen yet"; also after the browser's way back.
  function sayChosen(input) {
    var said = input.parentNode.querySelector('[data-chosen]');
    said.dataset.none = said.dataset.none || said.textContent;
    said.textContent = input.files.length ? input.files[0].name : said.dataset.none;
    input.parentNode.classList.toggle('chosen', input.files.length > 0);
  }
  document.addEventListener('change', function (event) { if (event.target.matches('.x-choose > input')) sayChosen(event.target); });
  window.addEventListener('pageshow', function () { document.querySelectorAll('.x-choose > input').forEach(sayChosen); });

  // Of a row of chips that is longer than the screen, the chosen one is in sight.
  function showChosenChips() {
    document.querySelectorAll('.x-chips.roll, .x-worklists').forEach(function (row) {
      var chosen = row.querySelector('[aria-current]');
      if (chosen && row.scrollWidth > row.clientWidth) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - 16;
    });
  }

  // Paper unfolds nothing: what is folded is opened to print, where the style sheet alone cannot (older browsers).
  var unfolded = [];
  window.addEventListener('beforeprint', function () {
    unfolded = Array.from(document.querySelectorAll('.x-earlier:not([open]), .x-rest:not([open])'));
    unfolded.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener('afterprint', function () { unfolded.forEach(function (fold) { fold.open = false; }); });

  function ready() {
    showConnection();
    showChosenChips();
    document.querySelectorAll('[data-print][hidden]').forEach(function (button) { button.hidden = false; });
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready); else ready();
})();
