/*! kist, inside a frame: tells the page around it its height and the links
    that are followed, as WordPress understands it. MIT OR Apache-2.0 */
(function () {
  "use strict";
  if (parent === window) return;
  var secret = (/secret=([0-9a-zA-Z]+)/.exec(location.hash) || [])[1];
  var height = 0;

  function send(message, value) {
    parent.postMessage({ message: message, value: value, secret: secret }, "*");
  }

  // A frame of another process is without width until the page around it has
  // told its own; every letter has a line of its own then.
  function measure() {
    if (!innerWidth) return;
    var now = Math.ceil(document.documentElement.offsetHeight);
    if (now === height) return;
    height = now;
    send("height", now);
  }

  // WordPress asks whoever was there before it was ready.
  addEventListener("message", function (event) {
    var asked = event.data;
    if (event.source !== parent || !asked || asked.message !== "ready") return;
    if (!/^[0-9a-zA-Z]+$/.test(asked.secret)) return;
    secret = asked.secret;
    height = 0;
    measure();
  });

  // A frame without rights can't leave its page: the page is asked to.
  addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || !secret || link.host !== location.host) return;
    // What leads to another frame stays in this one, known by the same secret.
    if (link.target === "_self") link.hash = location.hash;
    if (link.target === "_self") return;
    if (link.protocol !== "https:" && link.protocol !== "http:") return;
    event.preventDefault();
    send("link", link.href);
  });

  new ResizeObserver(measure).observe(document.documentElement);
  measure();
})();
