// Nothing that was typed is lost. A form that saves itself does so after a pause, at least every few seconds,
// and when its page is left; it says when a save got no answer or an error. While its login has ended, its
// buttons save only in place: the login page would take what is typed away. A double click sends it once.
// Before another form that is marked and has been typed into is left, the browser asks.
(() => {
  "use strict";

  const LONGEST_UNSAVED = 8000; // milliseconds
  const DOUBLE_CLICK = 1000;
  let sentAt = -DOUBLE_CLICK;
  let typedInto = null; // the form with something that is not saved
  let timer;

  function tell(event) {
    const state = event.detail.target;
    if (state?.dataset.failed) state.textContent = state.dataset.failed;
    if (event.target.matches?.("[hx-post]")) typedInto = event.target;
  }

  function note(event) {
    const form = event.target.closest("form[hx-post], form[data-unsaved]");
    if (!form) return;
    typedInto = form;
    if (!form.matches("[hx-post]")) return;
    timer ??= setTimeout(() => window.htmx?.trigger(form, "renewed"), LONGEST_UNSAVED);
  }

  function forget() {
    clearTimeout(timer);
    timer = undefined;
    typedInto = null;
  }

  function stay(event) {
    if (!event.target.matches("[hx-post]")) return event.defaultPrevented || forget();
    if (document.querySelector(".login-ended")) {
      event.preventDefault();
      window.htmx?.trigger(event.target, "renewed");
    } else if (event.timeStamp - sentAt < DOUBLE_CLICK) event.preventDefault();
    else {
      sentAt = event.timeStamp;
      forget();
    }
  }

  function ask(event) {
    const savesItself = typedInto?.matches("[hx-post]") && !document.querySelector(".login-ended");
    if (typedInto && !savesItself) event.preventDefault();
  }

  function saveAtLast() {
    if (!typedInto?.matches("[hx-post]")) return;
    navigator.sendBeacon(typedInto.getAttribute("hx-post"), new FormData(typedInto));
    forget();
  }

  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("submit", stay);
  document.addEventListener("htmx:beforeRequest", (event) => event.target.matches("[hx-post]") && forget());
  for (const name of ["sendError", "responseError", "timeout"]) {
    document.addEventListener(`htmx:${name}`, tell);
  }
  window.addEventListener("beforeunload", ask);
  window.addEventListener("pagehide", saveAtLast);
})();
