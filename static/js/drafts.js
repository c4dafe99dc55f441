// A form that saves itself says so when a save got no answer or an error. While its login has ended, its
// buttons save only in place: the login page would take what is typed away.
(() => {
  "use strict";

  function tell(event) {
    const state = event.detail.target;
    if (state?.dataset.failed) state.textContent = state.dataset.failed;
  }

  function stay(event) {
    if (!event.target.matches("[hx-post]") || !document.querySelector(".login-ended")) return;
    event.preventDefault();
    window.htmx?.trigger(event.target, "renewed");
  }

  document.addEventListener("submit", stay);
  for (const name of ["sendError", "responseError", "timeout"]) {
    document.addEventListener(`htmx:${name}`, tell);
  }
})();
