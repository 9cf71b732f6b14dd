// Runs once, in the line above the question. Gradio hands in `element`. It tells a person that the program does not answer,
// loads the page anew when another program answers, and keeps what was written or asked in this tab until an answer is there.

const EVERY = 4000; // milliseconds between two looks
const DRAFT = "footnote-draft"; // in the storage of this tab

const lost = document.createElement("div");
lost.className = "failure";
lost.setAttribute("role", "alert");
const headline = document.createElement("strong");
headline.textContent = "Footnote does not answer.";
const rest = document.createElement("p");
rest.textContent =
  "It was stopped, or the connection to it is lost. The answers and documents until now are kept, and so is what you have " +
  "written here. This page goes on by itself as soon as Footnote answers again.";
lost.append(headline, rest);

let program = ""; // which one has made this page

async function look() {
  try {
    const reply = await fetch("gradio_api/app_id", { cache: "no-store" });
    if (reply.status === 401) return void location.reload(); // the sign-in is over
    if (!reply.ok) throw new Error(reply.statusText);
    const { app_id: answering } = await reply.json();
    program ||= answering;
    if (answering !== program) return void location.reload(); // it knows nothing of this page
    lost.remove();
  } catch {
    if (!lost.isConnected) element.append(lost);
  }
}

// What is written

const box = () => document.querySelector("#question textarea");
const isAnswering = () => document.querySelector("#conversation .busy") !== null;

function begin() {
  const draft = sessionStorage.getItem(DRAFT);
  if (draft && !box().value) {
    box().value = draft;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.addEventListener("input", ({ target }) => target === box() && sessionStorage.setItem(DRAFT, target.value));
  const forget = () => !isAnswering() && !box().value && sessionStorage.removeItem(DRAFT);
  new MutationObserver(forget).observe(document.querySelector("#conversation"), { childList: true, subtree: true });
}

(function wait() {
  if (!box() || !document.querySelector("#conversation")) return void requestAnimationFrame(wait);
  begin();
})();

(async function watchOver() {
  if (!document.hidden) await look();
  setTimeout(watchOver, EVERY);
})();
