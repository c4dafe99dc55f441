// What pages do better with JavaScript. Every page works without it: each part looks for the
// attribute it serves, and does nothing where there is none. No inline code, no eval.
(() => {
  "use strict";

  const SHORT = 120;

  function tell(hold, words) {
    const status = hold.querySelector('[role="status"]');
    if (status) status.textContent = words;
  }

  function showLeft(hold, seconds) {
    const left = hold.querySelector(".hold-left");
    if (!left) return;
    const words = hold.dataset.left || "{m} min {s} s";
    left.textContent = words
      .replace("{m}", Math.floor(seconds / 60))
      .replace("{s}", String(seconds % 60).padStart(2, "0"));
  }

  function endHold(hold) {
    hold.classList.add("is-short");
    const left = hold.querySelector(".hold-left");
    if (left) left.textContent = hold.dataset.over || "";
    tell(hold, hold.dataset.over || "");
    const retry = hold.querySelector(".hold-retry");
    if (retry) retry.hidden = false;
  }

  // The server says until when; a wrong clock on the phone only shows a wrong countdown.
  function countDown(hold) {
    const until = Date.parse(hold.dataset.until);
    if (Number.isNaN(until) || hold.dataset.counting) return;
    hold.dataset.counting = "yes";
    let warned = false;
    const timer = setInterval(tick, 1000);
    tick();

    function tick() {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      if (!hold.isConnected || seconds <= 0) clearInterval(timer);
      if (seconds <= 0) return endHold(hold);
      showLeft(hold, seconds);
      if (seconds > SHORT || warned) return;
      warned = true;
      hold.classList.add("is-short");
      tell(hold, hold.dataset.soon || "");
    }
  }

  // A long row of days starts with the chosen one in view, without moving the page.
  function centre(day) {
    const list = day.closest("ul");
    const row = list.getBoundingClientRect();
    const box = day.getBoundingClientRect();
    list.scrollLeft += box.left - row.left - (row.width - box.width) / 2;
  }

  function within(root, selector) {
    const inside = [...root.querySelectorAll(selector)];
    return root.matches?.(selector) ? [root, ...inside] : inside;
  }

  function prepare(root) {
    within(root, "[data-until]").forEach(countDown);
    within(root, "[data-needs-js]").forEach((part) => {
      part.hidden = false;
    });
    within(root, ".day-strip [aria-current]").forEach(centre);
    within(root, ".error-summary").forEach((summary) => summary.focus());
  }

  // The idempotency key makes a second click harmless; this spares the patient the wait for it.
  function sendOnce(event) {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  }

  // Coming back with the browser's button shows the page as it was left: sent.
  function unlock() {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  async function copy(control) {
    await navigator.clipboard.writeText(control.dataset.copy);
    if (control.dataset.copied) control.textContent = control.dataset.copied;
  }

  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) unlock();
  });

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    const control = event.target.closest("[data-print], [data-copy]");
    if (!control) return;
    event.preventDefault();
    if ("print" in control.dataset) window.print();
    else copy(control);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    const isEarly = !window.htmx && form?.matches('[hx-trigger*="change"]');
    const isChecked = event.target.closest(".field")?.querySelector(".field-check");
    if (!window.htmx && isChecked) unchecked.push(event.target);
    if (isEarly || event.target.matches("[data-submit-on-change]")) form.requestSubmit();
  });

  // A field that was checked when it was left (see accounts.field_checks) is marked as after sending:
  // the words are swapped in beside the control, which keeps its focus and what is typed in it.
  function mark(check) {
    const field = check.closest(".field");
    const isWrong = Boolean(check.querySelector(".field-error"));
    field.classList.toggle("field-invalid", isWrong);
    const controls = [...field.querySelectorAll("input, select, textarea")];
    controls.forEach((control) => {
      control.classList.toggle("is-invalid", isWrong);
      if (isWrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    });
    const described = field.querySelector("fieldset") || controls[0];
    const parts = (described.getAttribute("aria-describedby") || "").split(" ");
    const others = parts.filter((id) => id && id !== check.dataset.error);
    if (isWrong) others.push(check.dataset.error);
    if (others.length) described.setAttribute("aria-describedby", others.join(" "));
    else described.removeAttribute("aria-describedby");
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.matches(".field-check")) mark(event.target);
  });

  // htmx comes when somebody begins to use the page; until then links and forms load whole pages, and
  // fields that are left wait to be checked.
  const unchecked = [];

  function fetchHtmx() {
    const source = document.querySelector('meta[name="htmx-source"]');
    if (!source) return;
    const script = document.createElement("script");
    script.src = source.content;
    script.addEventListener("load", () => {
      unchecked.forEach((control) => window.htmx.trigger(control, "change"));
    });
    source.remove();
    document.head.append(script);
  }

  ["pointermove", "pointerdown", "keydown", "focusin", "scroll"].forEach((sign) => {
    window.addEventListener(sign, fetchHtmx, { once: true, passive: true });
  });

  prepare(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) prepare(event.detail.elt);
  });
})();
