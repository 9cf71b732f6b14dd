// Runs once, in the list of documents. Gradio hands in `element`, `trigger`, `upload` and `watch`. Files come by the button, or
// are dropped anywhere on the page.

// Files are sent and added together; what comes meanwhile waits until these are in. The program says of each how far it is;
// of those that it does not have yet, or will never get, the lines are made here.

let ours = []; // {name, state, words}
let waiting = []; // files
let isUnderWay = false;
let isSent = false; // and the program is at it

// Whether the program has said something of what was sent, and whether it is still at it
const isSaid = () => element.querySelector(".step:not(.ours), .failure") !== null;
const isAdding = () => element.querySelector(".step.reading, .step.waiting:not(.ours), .step.indexing") !== null;
const megabytes = (bytes) => `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;

function line({ name, state, words }) {
  const step = document.createElement("li");
  step.className = `step ours ${state}`;
  const label = document.createElement("bdi");
  label.className = "step-name";
  label.textContent = name;
  const said = document.createElement("span");
  said.className = "step-words";
  said.textContent = words;
  step.append(state === "refused" ? "Not added: " : "", label, said);
  return step;
}

function show() {
  const list = element.querySelector(".adding");
  for (const old of list.querySelectorAll(".ours")) old.remove();
  const later = waiting.map(({ name }) => ({ name, state: "waiting", words: "waiting until the others are added …" }));
  list.append(...[...ours, ...later].map(line));
}

// The name goes beside the file: the path that it gets must be one that nothing else has, and short.
function underAnotherName(file) {
  const suffix = file.name.match(/\.[A-Za-z0-9]{1,10}$/)?.[0] ?? "";
  return new File([file], `${Date.now()}-${Math.random().toString(36).slice(2)}${suffix}`);
}

async function send(files) {
  if (!files.length) return;
  while (!element.querySelector(".adding")) await new Promise((goOn) => setTimeout(goOn, 100)); // the page has only just come
  if (isUnderWay) {
    waiting.push(...files);
    return void show();
  }
  isUnderWay = true;
  element.querySelector(".adding").replaceChildren(); // what is said of earlier ones
  element.querySelector(".failure")?.remove();
  const most = Number(element.querySelector(".files").dataset.largest);
  const tooLarge = ({ size }) => `It is too large: ${megabytes(size)}, and at most ${megabytes(most)} are read. Split it.`;
  ours = files.map((file) =>
    file.size > most
      ? { name: file.name, state: "refused", words: tooLarge(file) }
      : { name: file.name, state: "sending", words: "sending …" },
  );
  show();
  const sent = [];
  for (const [number, file] of files.entries()) {
    if (ours[number].state === "refused") continue;
    try {
      sent.push({ path: (await upload(underAnotherName(file))).path, name: file.name });
    } catch (error) {
      console.info(error);
      ours[number] = { name: file.name, state: "refused", words: "It could not be sent, and nothing was changed. Add it again." };
      show();
    }
  }
  isSent = sent.length > 0;
  if (isSent) trigger("receive", { files: sent });
  else next();
}

function next() {
  isUnderWay = isSent = false;
  send(waiting.splice(0));
}

function goOn() {
  if (isSent && isSaid() && !isAdding()) next();
}

watch("value", () => {
  if (isSent && isSaid()) ours = ours.filter(({ state }) => state === "refused");
  show();
  goOn();
  restoreChoice();
});
setInterval(goOn, 1000); // so that nothing waits for ever, should a change be told of before it is drawn

// Which documents are searched. The list may come anew while some are left out; they stay left out. A question takes along what
// `data-left-out` says.

const boxes = () => [...element.querySelectorAll(".searched-in")];
let leftOut = new Set();

function choose() {
  leftOut = new Set(boxes().filter((box) => !box.checked).map((box) => box.dataset.document));
  document.querySelector("#library").dataset.leftOut = JSON.stringify([...leftOut]);
}

function restoreChoice() {
  for (const box of boxes()) box.checked = !leftOut.has(box.dataset.document);
  choose();
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
  if (field.matches(".searched-in")) choose();
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
