// Runs once, in the conversation. Gradio hands in `element` and `trigger`. What is chosen or put otherwise here is asked like
// what is written below. Every button and field is in the HTML already; this only opens, closes and sends.

const ask = (question, searched_for = "", again = false) => trigger("submit", { question, searched_for, again });
const clicked = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

function toggle(button, form, open) {
  form.hidden = !open;
  button.setAttribute("aria-expanded", open);
  if (!open) return void button.focus();
  const field = form.querySelector("input[type=text], textarea") ?? form.querySelector("button");
  if (field.matches("[required]")) field.value = field.defaultValue;
  field.focus();
  if (field.select) field.select();
}

const partsOf = {
  ".edit": ".lookup .edited",
  ".reword": ".rewording",
  ".wrong": ".complaint",
};

function switched(button) {
  const [selector] = Object.keys(partsOf).filter((one) => button.matches(one));
  const form = button.closest(".turn").querySelector(partsOf[selector]);
  toggle(button, form, form.hidden);
  if (selector === ".edit") button.closest(".lookup").classList.toggle("is-open", !form.hidden);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser does not allow copying";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

element.addEventListener("click", (event) => {
  const copying = clicked(event, ".copy");
  if (copying) return void copy(copying);
  const pick = clicked(event, ".pick");
  if (pick) return void take(pick.closest(".complaint"));
  const drop = clicked(event, ".picked button");
  if (drop) {
    const form = drop.closest(".complaint");
    drop.closest("li").remove();
    return void weigh(form);
  }
  const cancel = clicked(event, ".cancel");
  if (cancel) return void switched(cancel.closest(".turn").querySelector(".wrong"));
  const wrong = clicked(event, ".wrong");
  if (wrong) return void switched(wrong);
  const button = clicked(event, ".option, .edit, .reword, .again");
  if (!button || element.querySelector(".busy")) return; // one question at a time
  if (button.matches(".option")) return void ask(button.dataset.question);
  if (button.matches(".again")) return void ask(button.dataset.question, button.dataset.searched, true);
  switched(button);
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const turn = form.closest(".turn");
  if (form.matches(".complaint")) return void complain(form);
  const text = form.querySelector("input, textarea").value.trim();
  if (!text || element.querySelector(".busy")) return;
  if (form.matches(".rewording")) {
    toggle(turn.querySelector(".reword"), form, false);
    return void ask(text, "", true);
  }
  switched(turn.querySelector(".edit"));
  ask(form.dataset.question, text);
});

element.addEventListener("keydown", (event) => {
  const form = clicked(event, "form");
  if (form && event.key === "Enter" && !event.shiftKey && event.target.matches(".rewording textarea")) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (!form || event.key !== "Escape") return;
  const selector = Object.keys(partsOf).find((one) => form.matches(partsOf[one]));
  switched(form.closest(".turn").querySelector(selector));
});

// A complaint: the passages that would have been right are taken from the source, where they are selected

element.addEventListener("mousedown", (event) => clicked(event, ".pick") && event.preventDefault()); // keeps the selection
element.addEventListener("change", (event) => {
  const form = clicked(event, ".complaint");
  if (form) weigh(form);
});

function weigh(form) {
  const isNotThere = form.querySelector(".not-there").checked;
  const taken = form.querySelectorAll(".picked li").length;
  form.querySelector(".pick").disabled = isNotThere;
  form.querySelector(".send").disabled = isNotThere === taken > 0;
}

function take(form) {
  const detail = {};
  document.dispatchEvent(new CustomEvent("footnote-selection", { detail })); // the source fills it in
  const list = form.querySelector(".picked");
  const line = document.createElement("li");
  if (!detail.quote) {
    form.querySelector(".pick").textContent = "Select some words in the source first, then take them here";
    return;
  }
  form.querySelector(".pick").textContent = "Take what is selected";
  line.dataset.passage = JSON.stringify(detail);
  const quote = document.createElement("q");
  quote.textContent = detail.quote;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.textContent = "Drop";
  drop.setAttribute("aria-label", `Drop the passage: ${detail.quote.slice(0, 80)}`);
  line.append(quote, drop);
  list.append(line);
  weigh(form);
}

function complain(form) {
  const passages = [...form.querySelectorAll(".picked li")].map((line) => JSON.parse(line.dataset.passage));
  trigger("complain", {
    turn: Number(form.dataset.turn),
    passages,
    answerable: !form.querySelector(".not-there").checked,
    note: form.querySelector("textarea").value,
  });
}
