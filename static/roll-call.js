/* The roll call on a phone: each tap is sent by itself, only what was tapped, and again until it arrives. Nothing is kept on the
   device; without this file each room has its own button. */
(function () {
  'use strict';
  var AGAIN_MS = 4000;

  function ready() {
    var roll = document.querySelector('[data-roll]');
    if (!roll || !window.fetch) return;
    var state = roll.querySelector('[data-state]');
    var token = roll.querySelector('[name=csrfmiddlewaretoken]').value;
    var waiting = {}, onItsWay = false, timer = 0;

    roll.querySelectorAll('[data-plain]').forEach(function (button) { button.parentElement.hidden = true; });

    function say(word) { state.textContent = roll.dataset[word]; state.dataset.is = word; }

    function recount(room) {
      var called = room.querySelectorAll('input:checked').length;
      room.querySelector('[data-count] b').textContent = called;
      room.classList.toggle('all', called === room.querySelectorAll('.who').length);
    }

    function send() {
      window.clearTimeout(timer);
      var names = Object.keys(waiting);
      if (onItsWay || !names.length) return;
      var batch = waiting, body = new URLSearchParams({ csrfmiddlewaretoken: token, follows: roll.dataset.follows });
      names.forEach(function (name) { body.set(name, batch[name]); });
      waiting = {}; onItsWay = true; say('sending');
      fetch(roll.dataset.url, { method: 'POST', body: body, headers: { Accept: 'application/json' }, redirect: 'manual' }).then(function (answer) {
        if (answer.ok) return answer.json();
        if (answer.status === 409) return answer.json().then(function (why) { over(why.refusal); throw new Error('over'); });
        throw new Error(answer.status >= 500 ? 'later' : 'refused');
      }).then(function (tally) {
        onItsWay = false;
        Object.keys(tally).forEach(function (key) { roll.querySelector('[data-n=' + key + ']').textContent = tally[key]; });
        if (Object.keys(waiting).length) send(); else say('saved');
      }).catch(function (trouble) {
        onItsWay = false;
        if (trouble.message === 'over') return;
        waiting = Object.assign(batch, waiting);
        if (trouble.message === 'refused') { say('refused'); return; }
        say('waiting');
        timer = window.setTimeout(send, AGAIN_MS);
      });
    }

    // The roll call was finished elsewhere: nothing of this page will ever be noted, so it stops asking and says so.
    function over(words) {
      waiting = {};
      state.textContent = words; state.dataset.is = 'refused';
      roll.querySelectorAll('input, button').forEach(function (each) { each.disabled = true; });
    }

    function mark(input) {
      waiting[input.name] = input.value;
      recount(input.closest('.x-room'));
    }

    roll.addEventListener('change', function (event) {
      if (event.target.type === 'radio') { mark(event.target); send(); }
    });
    roll.addEventListener('click', function (event) {
      var all = event.target.closest('button[name=here]');
      if (all) {
        event.preventDefault();
        all.closest('fieldset').querySelectorAll('input[value=here]').forEach(function (input) { input.checked = true; mark(input); });
        send();
      }
      var finish = event.target.closest('[data-finish]');
      if (finish && (onItsWay || Object.keys(waiting).length)) { event.preventDefault(); send(); }
    });
    window.addEventListener('online', send);
    window.addEventListener('beforeunload', function (event) {
      if (onItsWay || Object.keys(waiting).length) event.preventDefault();
    });
    roll.querySelectorAll('.x-room').forEach(recount); // a browser that restores the page restores ticks too
    roll.querySelectorAll('input:checked:not([checked])').forEach(mark);
    send();
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready); else ready();
})();
