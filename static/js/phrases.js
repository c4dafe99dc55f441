// In a text of a draft, ".urti" and a blank become the phrase of that name. One press of undo takes it back.
(() => {
  "use strict";

  const TYPED = /(?:^|\s)(\.([^\s.]+)\s)$/;
  let isInserting = false;

  function takesPhrases(area) {
    return [...(area.form.elements.into?.options ?? [])].some((option) => option.value === area.name);
  }

  function phraseOf(form, abbreviation) {
    const known = [...form.querySelectorAll("option[data-abbreviation]")];
    return known.find((option) => option.dataset.abbreviation === abbreviation.toLowerCase());
  }

  // Through the browser's own editing, so that its undo knows of it; where that fails, nothing happens.
  function put(area, begins, text) {
    const ends = area.selectionEnd;
    isInserting = true;
    area.setSelectionRange(begins, ends);
    const isDone = document.execCommand("insertText", false, text);
    if (!isDone) area.setSelectionRange(ends, ends);
    isInserting = false;
    return isDone;
  }

  // Undo selects what it brings back; the next letter shall not replace it.
  function unselect(area) {
    area.setSelectionRange(area.selectionEnd, area.selectionEnd);
  }

  function expand(event) {
    const area = event.target;
    if (isInserting || event.isComposing || !area.matches(".consultation-form textarea")) return;
    if (event.inputType === "historyUndo") return unselect(area);
    if (!event.inputType?.startsWith("insert") || !takesPhrases(area)) return;
    const before = area.value.slice(0, area.selectionEnd);
    const [, typed, abbreviation] = TYPED.exec(before) || [];
    const phrase = typed && phraseOf(area.form, abbreviation);
    if (!phrase) return;
    const text = phrase.dataset.text + typed.at(-1);
    const grown = area.value.length + text.length - typed.length;
    if (area.maxLength >= 0 && grown > area.maxLength) return;
    if (!put(area, before.length - typed.length, text)) return;
    const state = document.querySelector("#draft-state");
    if (state) state.textContent = state.dataset.expanded.replace("{name}", `.${abbreviation}`);
  }

  document.addEventListener("input", expand);
})();
