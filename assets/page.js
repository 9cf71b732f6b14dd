// Runs once, when the source pane is first shown. Gradio hands in `element` (the pane), `trigger` and `watch`.
// Nothing is looked up by its words: a footnote carries offsets (in code points, as Python counts), and so does each piece
// of the document's text. What comes from documents is only ever set as textContent.

const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");

let wanted = null; // the footnote or passage to show once its part of the document is there
let chosen = null; // the button whose place is shown

const pane = () => element.querySelector(".source");

function placeOf(button) {
  const { document: name, start, end, number } = button.dataset;
  return { name, start: Number(start), end: Number(end), number };
}

// Highlighting

function unmark() {
  for (const part of element.querySelectorAll("mark")) part.parentNode.textContent = part.parentNode.textContent;
  for (const piece of element.querySelectorAll(".is-cited, .is-noted, .is-near")) {
    piece.classList.remove("is-cited", "is-noted", "is-near");
  }
  for (const block of element.querySelectorAll("[data-notes], .has-near")) {
    block.removeAttribute("data-notes");
    block.classList.remove("has-near", "has-cited");
  }
}

// Marks the characters start..end, and returns the elements that hold them, in order.
function mark(start, end, kind) {
  const marked = [];
  for (const piece of element.querySelectorAll(".text [data-start]")) {
    const [from, to] = [Number(piece.dataset.start), Number(piece.dataset.end)];
    if (to <= start || from >= end) continue;
    if (start <= from && to <= end) {
      piece.classList.add(kind);
      marked.push(piece);
    } else {
      marked.push(markPart(piece, Math.max(start - from, 0), Math.min(end, to) - from, kind));
    }
  }
  return marked;
}

function markPart(piece, start, end, kind) {
  const characters = Array.from(piece.textContent);
  const part = document.createElement("mark");
  part.className = kind;
  part.textContent = characters.slice(start, end).join("");
  piece.replaceChildren(characters.slice(0, start).join(""), part, characters.slice(end).join(""));
  return part;
}

// Shows where an answer stands: all of its footnotes faintly, the chosen one clearly.
function paint(turn, button) {
  unmark();
  const shown = pane()?.dataset.document;
  for (const marker of turn?.querySelectorAll(".statement .marker") ?? []) {
    const place = placeOf(marker);
    if (place.name === shown) number(mark(place.start, place.end, "is-noted")[0], place.number);
  }
  for (const other of document.querySelectorAll(".is-chosen")) other.classList.remove("is-chosen");
  if (!button) return [];
  const place = placeOf(button);
  const isNear = button.classList.contains("closest");
  const marked = mark(place.start, place.end, isNear ? "is-near" : "is-cited");
  for (const piece of isNear ? marked : []) piece.closest(".block").classList.add("has-near");
  const same = `.marker[data-number="${place.number}"]`;
  for (const marker of isNear ? [button] : turn.querySelectorAll(same)) marker.classList.add("is-chosen");
  if (!isNear) marked[0]?.closest(".block").classList.add("has-cited");
  return marked;
}

// The number of a footnote, in the margin of the block it stands in.
function number(piece, label) {
  const block = piece?.closest(".block");
  if (!block) return;
  const notes = (block.dataset.notes ?? "").split(" ").filter(Boolean);
  if (!notes.includes(label)) block.dataset.notes = [...notes, label].join(" ");
}

function reveal(button) {
  const place = placeOf(button);
  const text = element.querySelector(".text");
  const isHere = pane()?.dataset.document === place.name && holds(text, place.start);
  if (!isHere) {
    wanted = button;
    trigger("show", { document: place.name, start: place.start });
    return;
  }
  wanted = null;
  chosen = button;
  const [first] = paint(button.closest(".turn"), button);
  first?.scrollIntoView({ block: "center", behavior: CALM.matches ? "auto" : "smooth" });
  const back = element.querySelector(".back");
  if (back) back.hidden = false;
}

function holds(text, start) {
  const pieces = text ? text.querySelectorAll("[data-start]") : [];
  if (!pieces.length) return false;
  return Number(pieces[0].dataset.start) <= start && start < Number(pieces[pieces.length - 1].dataset.end);
}

// The quote of a footnote, beside it

const tip = document.createElement("div");
tip.id = "footnote-tip";
tip.className = "footnote-tip";
tip.setAttribute("role", "tooltip");
tip.hidden = true;
document.querySelector(".gradio-container").append(tip);
let leaving = 0;

function showTip(marker) {
  clearTimeout(leaving);
  const { quote, heading, page, document: name } = marker.dataset;
  const said = document.createElement("q");
  said.textContent = quote;
  const place = document.createElement("p");
  place.textContent = [name, page ? `page ${page}` : "", heading].filter(Boolean).join(" · ");
  tip.replaceChildren(said, place);
  tip.hidden = false;
  marker.setAttribute("aria-describedby", tip.id);
  const box = marker.getBoundingClientRect();
  const left = Math.min(Math.max(12, box.left + box.width / 2 - tip.offsetWidth / 2), window.innerWidth - tip.offsetWidth - 12);
  const above = box.top - tip.offsetHeight - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
}

function hideTip() {
  clearTimeout(leaving);
  tip.hidden = true;
  document.querySelector(`[aria-describedby="${tip.id}"]`)?.removeAttribute("aria-describedby");
}

const hideTipSoon = () => {
  clearTimeout(leaving);
  leaving = setTimeout(hideTip, 150); // long enough to move the pointer into it
};

const markerAt = (event) => (event.target instanceof Element ? event.target.closest(".marker") : null);
document.addEventListener("mouseover", (event) => {
  const marker = markerAt(event);
  if (marker) showTip(marker);
  else if (event.target instanceof Element && event.target.closest(".footnote-tip")) clearTimeout(leaving);
  else if (!tip.hidden && !document.activeElement?.matches(".marker:focus-visible")) hideTipSoon();
});
document.addEventListener("focusin", (event) => (markerAt(event)?.matches(":focus-visible") ? showTip(markerAt(event)) : hideTip()));
document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
document.addEventListener("scroll", () => tip.hidden || hideTip(), { capture: true, passive: true });

// Clicks. Enter and the space bar click a button by themselves.

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest(".marker, .closest");
  if (button) reveal(button);
  if (event.target.closest(".back") && chosen?.isConnected) {
    chosen.scrollIntoView({ block: "center", behavior: CALM.matches ? "auto" : "smooth" });
    chosen.focus({ preventScroll: true });
  }
});

// "Ask" and "Stop" take each other's place: whoever presses them by keyboard (a click without a pointer) goes on in the box.
document.addEventListener("click", (event) => {
  const isPressed = event.detail === 0 && event.target instanceof Element && event.target.closest("#question button");
  if (isPressed) document.querySelector("#question textarea").focus();
});

element.addEventListener("change", (event) => {
  if (event.target instanceof Element && event.target.matches(".chooser")) trigger("show", { document: event.target.value, start: 0 });
});

watch("value", () => {
  const chooser = element.querySelector(".chooser");
  if (chooser) chooser.value = pane().dataset.document; // what a person has chosen outlives the attribute
  if (wanted?.isConnected) reveal(wanted);
  else {
    wanted = null;
    element.querySelector(".source-scroll")?.scrollTo(0, 0);
    paint(lastTurn(), null);
  }
});

// A new question comes to the top; its answer is shown in the document as it grows.

const lastTurn = () => [...document.querySelectorAll("#conversation .turn")].at(-1);
let turns = 0;

const observer = new MutationObserver(() => {
  const all = document.querySelectorAll("#conversation .turn");
  const turn = lastTurn();
  if (all.length !== turns) {
    turns = all.length;
    chosen = null;
    hideTip();
    const back = element.querySelector(".back");
    if (back) back.hidden = true;
    // Once the welcome has made room: it goes at the same time.
    if (turn) setTimeout(() => turn.scrollIntoView({ block: "start", behavior: CALM.matches ? "auto" : "smooth" }), 50);
  }
  if (!chosen) paint(turn, null);
});

// The pane may be there before the conversation is.
(function observe() {
  const talk = document.querySelector("#conversation");
  if (!talk) return void requestAnimationFrame(observe);
  observer.observe(talk, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-start"] });
})();
