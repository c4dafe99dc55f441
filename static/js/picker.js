// Choosing a day swaps in that day's times; this marks the day as the chosen one.
(() => {
  "use strict";

  document.addEventListener("htmx:afterSwap", (event) => {
    const day = event.detail.requestConfig?.elt?.closest?.("a.day");
    if (!day) return;
    day.closest("ul").querySelectorAll("[aria-current]").forEach((other) => {
      other.removeAttribute("aria-current");
    });
    day.setAttribute("aria-current", "date");
  });
})();
