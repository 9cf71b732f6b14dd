// Runs once, in the list of conversations. Gradio hands in `element`, `trigger` and `watch`.

const LINK = "#conversation=";
let typing = 0;

element.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const open = event.target.closest(".open-talk");
  if (open) return void trigger("open", { conversation: open.dataset.conversation });
  const action = event.target.closest(".talk-action");
  if (!action) return;
  const { conversation, do: what } = action.dataset;
  if (what === "rename") return void rename(action.closest(".talk"), conversation);
  if (what === "markdown" || what === "json") {
    action.closest("details").open = false;
    return void trigger("export", { conversation, form: what });
  }
  if (action.dataset.sure) return void trigger("discard", { conversation });
  action.dataset.sure = "yes"; // the second click does it
  action.textContent = "Delete it for good?";
});

function rename(talk, conversation) {
  const field = document.createElement("input");
  field.className = "retitle";
  field.setAttribute("aria-label", "Title");
  field.value = talk.dataset.title;
  const button = talk.querySelector(".open-talk");
  talk.querySelector("details").open = false;
  button.hidden = true;
  button.after(field);
  field.focus();
  field.select();
  const back = () => {
    field.remove();
    button.hidden = false;
    button.focus();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") back();
    if (event.key === "Enter") trigger("change_talk", { conversation, title: field.value, sought: element.querySelector(".find").value });
  });
}

element.addEventListener("input", (event) => {
  if (!event.target.matches(".find")) return;
  clearTimeout(typing);
  const sought = event.target.value;
  typing = setTimeout(() => trigger("change_talk", { sought }), 250);
});

// A menu that is left is closed.
document.addEventListener("click", (event) => {
  for (const menu of element.querySelectorAll("details[open]")) if (!menu.contains(event.target)) menu.open = false;
});
element.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target instanceof Element ? event.target.closest("details[open]") : null;
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// What is open is in the address, so that it is found again when the page is loaded anew.

const current = () => element.querySelector(".is-current .open-talk")?.dataset.conversation;
let restoring = location.hash.startsWith(LINK) ? location.hash.slice(LINK.length) : "";

watch("value", () => {
  if (restoring) {
    const wanted = restoring;
    restoring = "";
    trigger("open", { conversation: wanted });
    return;
  }
  const field = element.querySelector(".find");
  if (field?.value && document.activeElement === document.body) field.focus(); // it was being typed in before the list came
  const open = current();
  if (open) history.replaceState(null, "", LINK + open);
  else if (location.hash.startsWith(LINK)) history.replaceState(null, "", location.pathname);
});
