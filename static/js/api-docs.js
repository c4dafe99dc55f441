"use strict";

// Shows the description of the API; without scripts, the page links to it.
const place = document.getElementById("api");
window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  persistAuthorization: false,
  validatorUrl: null,
});

// What the library leaves out for people who listen to the page or use it by keyboard.
const MISSING = [
  ["h3.opblock-tag, .models > h4, .modal-ux-header > h3", { "aria-level": "2", role: "heading" }],
  ["h4.opblock-title, .modal-ux-content h4", { "aria-level": "3", role: "heading" }],
  [".information-container", { role: "region", "aria-label": "About" }],
  [".modal-ux", { role: "dialog", "aria-modal": "true", "aria-label": "Authorize" }],
  [".close-modal", { "aria-label": "Close" }],
  ["table[role=region]", { role: "table" }],
  ["pre.microlight", { tabindex: "0" }],
];

function mend() {
  for (const [selector, attributes] of MISSING) {
    for (const found of place.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
    }
  }
  for (const field of place.querySelectorAll("tr[data-param-name] :is(select, input)")) {
    field.setAttribute("aria-label", field.closest("tr").dataset.paramName);
  }
  for (const field of place.querySelectorAll("select:not([aria-label])")) {
    if (!field.labels.length) field.setAttribute("aria-label", "Choose");
  }
}

new MutationObserver(mend).observe(place, { childList: true, subtree: true });
