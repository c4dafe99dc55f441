// A form that saves itself says so when a save got no answer or an error. While its login has ended, its
// buttons save only in place: the login page would take what is typed away. A double click sends it once.
(() => {
  "use strict";

  function tell(event) {
    const state = event.detail.target;
    if (state?.dataset.failed) state.textContent = state.dataset.failed;
  }

  const DOUBLE_CLICK = 1000; // milliseconds
  let sentAt = -DOUBLE_CLICK;

  function stay(event) {
    if (!event.target.matches("[hx-post]")) return;
    if (document.querySelector(".login-ended")) {
      event.preventDefault();
      window.htmx?.trigger(event.target, "renewed");
    } else if (event.timeStamp - sentAt < DOUBLE_CLICK) event.preventDefault();
    else sentAt = event.timeStamp;
  }

  document.addEventListener("submit", stay);
  for (const name of ["sendError", "responseError", "timeout"]) {
    document.addEventListener(`htmx:${name}`, tell);
  }
})();
