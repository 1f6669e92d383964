/* The camera of the scan page, where the browser itself can read square codes; the page works without it. Nothing is kept and
   nothing leaves the device but the signs of the card. */
(function () {
  'use strict';
  var EVERY_MS = 250;
  var SAME_AGAIN_MS = 4000;

  function ready() {
    var form = document.getElementById('scan');
    if (!form) return;
    var field = document.getElementById('code');
    var box = document.getElementById('camera');
    var video = box.querySelector('video');
    var on = document.getElementById('camera-on');
    var off = document.getElementById('camera-off');
    var stream = null, timer = 0, last = '', lastAt = 0;

    function stop() {
      window.clearTimeout(timer);
      if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
      stream = null; box.hidden = true; on.hidden = false; off.hidden = true;
    }

    function look(detector) {
      if (!stream) return;
      detector.detect(video).then(function (found) {
        var now = Date.now();
        var text = found.length ? found[0].rawValue : '';
        if (text && (text !== last || now - lastAt > SAME_AGAIN_MS)) {
          last = text; lastAt = now;
          field.value = text;
          if (navigator.vibrate) navigator.vibrate(60);
          form.requestSubmit();
        } else if (text) lastAt = now;
      }).catch(function () { /* a frame that cannot be read: the next one can */ }).then(function () {
        timer = window.setTimeout(look, EVERY_MS, detector);
      });
    }

    function start() {
      document.getElementById('camera-refused').hidden = true;
      navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }).then(function (found) {
        stream = found; video.srcObject = found;
        box.hidden = false; on.hidden = true; off.hidden = false;
        return video.play();
      }).then(function () {
        look(new window.BarcodeDetector({ formats: ['qr_code'] }));
      }).catch(function () { stop(); document.getElementById('camera-refused').hidden = false; });
    }

    function none() { document.getElementById('camera-none').hidden = false; }
    if ('BarcodeDetector' in window && navigator.mediaDevices) {
      window.BarcodeDetector.getSupportedFormats().then(function (formats) {
        if (formats.indexOf('qr_code') < 0) { none(); return; }
        on.hidden = false;
      }).catch(none);
    } else none();
    on.addEventListener('click', start);
    off.addEventListener('click', stop);
    window.addEventListener('pagehide', stop);

    // The next card can be scanned at once: a hand scanner writes into the field that has the focus.
    document.addEventListener('htmx:afterSettle', function () {
      delete form.dataset.sent;
      document.getElementById('scanned').scrollIntoView({ block: 'nearest' });
      if (document.querySelector('#scanned .x-note')) { field.select(); } else { field.value = ''; }
      if (!stream) field.focus();
    });
    document.querySelectorAll('input[name=station]').forEach(function (choice) {
      choice.addEventListener('change', function () { field.focus(); });
    });
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready); else ready();
})();
