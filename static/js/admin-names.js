// The admin's boxes that complete what is typed get the name of their label, for screen readers.
"use strict";

(() => {
  function nameBox(container) {
    const select = container.previousElementSibling;
    const label = select?.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (!label) return;
    label.id ||= `${select.id}_label`;
    for (const part of container.querySelectorAll(".select2-selection, [role=textbox]")) {
      part.setAttribute("aria-labelledby", label.id);
    }
    container.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
  }

  function nameAll() {
    document.querySelectorAll(".select2-container").forEach(nameBox);
  }

  // The boxes are made in jQuery's own queue, which may be later than the page.
  window.addEventListener("load", () => window.django?.jQuery(nameAll));
  document.addEventListener("formset:added", () => setTimeout(nameAll));
})();
