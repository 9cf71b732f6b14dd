// Runs once, in the list of documents. Gradio hands in `element`, `trigger` and `upload`. Files come by the button, or are
// dropped anywhere on the page.

const busy = () => element.querySelector(".step.sending, .step.reading, .step.indexing") !== null;

// Shows files on their way, until the program has them and says how far it is.
function announce(files, className, words) {
  const list = element.querySelector(".adding");
  list.replaceChildren(
    ...[...files].map(({ name }) => {
      const step = document.createElement("li");
      step.className = `step ${className}`;
      const label = document.createElement("bdi");
      label.className = "step-name";
      label.textContent = name;
      const said = document.createElement("span");
      said.className = "step-words";
      said.textContent = words;
      step.append(label, said);
      return step;
    }),
  );
}

async function send(files) {
  if (!files.length || busy()) return;
  announce(files, "sending", "sending …");
  try {
    const sent = [];
    for (const file of files) sent.push({ path: (await upload(file)).path, name: file.name });
    trigger("receive", { files: sent });
  } catch (error) {
    announce(files, "refused", `It could not be sent: ${error.message ?? error}. It may be too large; nothing was changed.`);
  }
}

element.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest(".add")) return void element.querySelector(".files").click();
  const remove = event.target.closest(".remove");
  if (!remove) return;
  if (remove.dataset.sure) return void trigger("remove", { document: remove.dataset.document });
  remove.dataset.sure = "yes"; // the second click does it
  remove.textContent = "Remove it for good?";
  remove.addEventListener("blur", () => {
    delete remove.dataset.sure;
    remove.textContent = "Remove";
  }, { once: true });
});

element.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches(".searched-in")) trigger("choose", { document: field.dataset.document, included: field.checked });
  if (field.matches(".files")) {
    send([...field.files]);
    field.value = "";
  }
});

// Where the window is narrow, the documents and conversations are behind a button

const rail = document.querySelector("#rail");

function toggleRail(open) {
  document.querySelector("#page").classList.toggle("is-rail-open", open);
  document.querySelector(".open-rail")?.setAttribute("aria-expanded", open);
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const isOpen = document.querySelector("#page.is-rail-open") !== null;
  if (event.target.closest(".open-rail")) {
    toggleRail(!isOpen);
    if (!isOpen) rail.querySelector("button")?.focus();
  } else if (isOpen && event.target.closest(".open-document, .open-talk, #talk, #source")) toggleRail(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.querySelector("#page.is-rail-open")) return;
  toggleRail(false);
  document.querySelector(".open-rail").focus();
});

// Dropping

const page = document.querySelector("#page");
const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  page.classList.add("is-dropping");
});
document.addEventListener("dragleave", (event) => event.relatedTarget || page.classList.remove("is-dropping"));
document.addEventListener("drop", (event) => {
  page.classList.remove("is-dropping");
  if (!hasFiles(event)) return;
  event.preventDefault();
  send([...event.dataTransfer.files]);
});
