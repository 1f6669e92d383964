/* Log arrival: small comforts on top of a form that works without this file. Enter goes on, a digit on the ages writes an exact one,
   the likely relation shows while ages are tapped (the server decides by the same table), the language follows the country until
   one is chosen, an A-number says how many digits it has, and the button says what it will save. No framework, nothing sent, nothing kept. */
(function () {
  'use strict';
  var form = document.querySelector('form.x-arrival');
  if (!form) return;
  var guesses = JSON.parse(form.dataset.relations);
  var usual = JSON.parse(form.dataset.languages);
  var languageIsChosen = false;
  var saveWords = form.querySelector('[data-save]');
  var lacksWords = form.querySelector('[data-lacks]');
  var restWords = lacksWords.textContent;
  var FIELDS = 'input:not([type="hidden"]), select, textarea, summary, button';

  function checked(name) {
    var choice = form.querySelector('[name="' + name + '"]:checked');
    return choice ? choice.value : '';
  }
  function field(n, name) { return form.querySelector('[name="p' + n + '-' + name + '"]'); }
  function isSeen(element) {
    var folded = element.closest('details:not([open])'); // browsers give what is folded away a box all the same
    return element.getClientRects().length > 0 && (!folded || element.tagName === 'SUMMARY');
  }

  function people() {
    return Array.prototype.filter.call(form.querySelectorAll('.x-person'), isSeen).map(function (block) {
      return Number(block.dataset.person);
    });
  }

  /* Whole years that were typed: an age, or a birth date with its strokes or without; null for neither. */
  function typedYears(n) {
    var text = field(n, 'age').value.trim();
    if (/^\d{1,3}$/.test(text)) return Number(text);
    var iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    var own = /^(\d{1,2})[\/.\- ](\d{1,2})[\/.\- ](\d{4})$/.exec(text) || /^(\d{2})(\d{2})(\d{4})$/.exec(text);
    if (!iso && !own) return null;
    var year = Number(iso ? iso[1] : own[3]), month = Number(iso ? iso[2] : own[2]), day = Number(iso ? iso[3] : own[1]);
    var now = new Date();
    var before = now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day);
    return now.getFullYear() - year - (before ? 1 : 0);
  }
  function bandOf(years) {
    return years <= 5 ? '0-5' : years <= 11 ? '6-11' : years <= 17 ? '12-17' : years <= 59 ? '18-59' : '60+';
  }
  function band(n) {
    var years = typedYears(n);
    if (years !== null) return bandOf(years);
    var tapped = checked('p' + n + '-band');
    return guesses.table[tapped] ? tapped : '';
  }

  function likely(n, hasPartner) {
    var mine = band(n);
    if (!mine) return '';
    var guess = guesses.table[band(1) || '18-59'][mine];
    var years = typedYears(n), head = typedYears(1);
    var sure = years === null ? guesses.ages[mine] : years;
    var headSure = head === null ? guesses.ages[band(1)] : head;
    if (guess === 'partner' && headSure !== undefined && Math.abs(sure - headSure) >= guesses.years) {
      return sure > headSure ? 'parent' : 'child';
    }
    return guess === 'partner' && hasPartner ? 'relative' : guess;
  }

  function showRelations(shown) {
    var others = shown.filter(function (n) { return n > 1; });
    var hasPartner = others.some(function (n) { return field(n, 'relation').value === 'partner'; });
    others.forEach(function (n) {
      var choice = field(n, 'relation'), unsaid = choice.options[0];
      unsaid.dataset.words = unsaid.dataset.words || unsaid.textContent;
      var guess = choice.value ? '' : likely(n, hasPartner);
      if (guess === 'partner') hasPartner = true;
      var option = guess && choice.querySelector('option[value="' + guess + '"]');
      unsaid.textContent = option ? option.textContent : unsaid.dataset.words;
    });
  }

  function lacks(n) {
    return !field(n, 'given_names').value.trim() || !band(n) || !checked('p' + n + '-sex');
  }

  function draw() {
    var shown = people(), size = Number(checked('size') || 1);
    if (size === 6) {
      var written = shown.filter(function (n) { return field(n, 'given_names').value.trim() || band(n); });
      size = Math.max(6, written.length ? written[written.length - 1] : 0);
    }
    var open = shown.filter(function (n) { return n <= size && lacks(n); }).length;
    saveWords.textContent = size === 1 ? form.dataset.saveOne : form.dataset.saveMany.replace('{n}', size);
    lacksWords.textContent = !open ? restWords
      : open === 1 ? form.dataset.lacksOne : form.dataset.lacksMany.replace('{n}', open);
    showRelations(shown);
  }

  function goOn(from) {
    var stops = Array.prototype.filter.call(form.querySelectorAll(FIELDS), function (each) {
      if (!isSeen(each) || each.disabled) return false;
      if (each.type !== 'radio') return true;
      if (each.name === from.name) return each === from;
      var group = form.querySelectorAll('[name="' + each.name + '"]');
      return each === (form.querySelector('[name="' + each.name + '"]:checked') || group[0]);
    });
    var next = stops[stops.indexOf(from) + 1];
    while (next && next.tagName === 'SUMMARY' && !next.parentElement.open) next = stops[stops.indexOf(next) + 1];
    if (next) { next.focus(); next.scrollIntoView({ block: 'nearest' }); }
  }

  form.addEventListener('keydown', function (event) {
    var from = event.target;
    if (event.key === 'Enter' && !event.isComposing && (from.tagName === 'INPUT' || from.tagName === 'SELECT')) {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      goOn(from);
      return;
    }
    if (/^[0-9]$/.test(event.key) && from.type === 'radio' && /-band$/.test(from.name)) {
      var n = from.name.slice(1).split('-')[0];
      event.preventDefault();
      form.querySelector('[name="' + from.name + '"][value="exact"]').checked = true;
      field(n, 'age').value = event.key;
      field(n, 'age').focus();
      draw();
    }
  });

  function sayDigits(number, isDone) {
    var digits = number.value.replace(/\D/g, '');
    var says = number.closest('details').querySelector('.x-says');
    var isRight = digits.length === 8 || digits.length === 9;
    var isWrong = digits.length > 9 || (isDone && digits.length > 0 && !isRight) || /[^\dAa\s.\-]/.test(number.value);
    says.textContent = isWrong || (!isDone && digits.length && !isRight)
      ? form.dataset.digits.replace('{n}', digits.length) : '';
    number.setAttribute('aria-invalid', isWrong ? 'true' : 'false');
    if (isDone && isRight && !isWrong) {
      var nine = digits.padStart(9, '0');
      number.value = 'A ' + nine.slice(0, 3) + '-' + nine.slice(3, 6) + '-' + nine.slice(6);
    }
  }

  form.addEventListener('input', function (event) {
    var from = event.target, number = /^p(\d+)-(a_number|no_a_number)$/.exec(from.name || '');
    if (number && number[2] === 'a_number') {
      sayDigits(from, false);
      if (from.value) field(number[1], 'no_a_number').checked = false;
    } else if (number && from.checked) {
      field(number[1], 'a_number').value = '';
      sayDigits(field(number[1], 'a_number'), false);
    }
    var tapped = /^p(\d+)-band$/.exec(from.name || '');
    if (tapped && from.value === 'exact') {
      field(tapped[1], 'age').focus();
    } else if (tapped) {
      field(tapped[1], 'age').value = '';
    }
    if (from.name === 'language') languageIsChosen = true;
    if (/^nationality/.test(from.name || '') && usual[from.value] && !languageIsChosen) {
      form.elements.language.value = usual[from.value];
    }
    if (from.name === 'phone' && from.value && checked('phone_owner') === 'none') {
      form.querySelector('[name="phone_owner"][value="own"]').checked = true;
    }
    draw();
  });
  form.addEventListener('focusout', function (event) {
    if (/-a_number$/.test(event.target.name || '') && event.target.type !== 'checkbox') sayDigits(event.target, true);
  });
  form.addEventListener('reset', function () { languageIsChosen = false; window.setTimeout(draw); });
  window.addEventListener('pageshow', draw);
  draw();
})();
