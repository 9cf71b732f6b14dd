// Runs once, in the conversation. Gradio hands in `element` and `trigger`. What is chosen or put otherwise here is asked like
// what is written below. Every button and field is in the HTML already; this only opens, closes and sends.

const ask = (question, searched_for = "") => trigger("submit", { question, searched_for });

function toggle(lookup, open) {
  const [button, form] = [lookup.querySelector(".edit"), lookup.querySelector(".edited")];
  form.hidden = !open;
  button.setAttribute("aria-expanded", open);
  lookup.classList.toggle("is-open", open);
  if (!open) return void button.focus();
  const field = form.querySelector("input");
  field.value = field.defaultValue;
  field.focus();
  field.select();
}

element.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest(".option, .edit") : null;
  if (!button || element.querySelector(".busy")) return; // one question at a time
  if (button.matches(".option")) return void ask(button.dataset.question);
  const lookup = button.closest(".lookup");
  toggle(lookup, !lookup.matches(".is-open"));
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target.closest(".edited");
  const text = form.querySelector("input").value.trim();
  if (!text) return;
  toggle(form.closest(".lookup"), false);
  ask(form.dataset.question, text);
});

element.addEventListener("keydown", (event) => {
  const lookup = event.target instanceof Element ? event.target.closest(".lookup.is-open") : null;
  if (lookup && event.key === "Escape") toggle(lookup, false);
});
