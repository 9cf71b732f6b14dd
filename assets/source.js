// Runs once, when the source pane is first shown. Gradio hands in `element` (the pane), `trigger` and `watch`.
// Nothing is looked up by its words: a footnote carries offsets (in code points, as Python counts), and so does each piece
// of the document's text. What comes from documents is only ever set as textContent.

const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");

const LINK = "#document=";

let wanted = null; // the footnote or passage to show once its part of the document is there
let chosen = null; // the button whose place is shown
let view = "text"; // or "page": how documents are looked at that have both

const pane = () => element.querySelector(".source");
const clicked = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

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
  for (const marker of isNear || !turn ? [button] : turn.querySelectorAll(same)) marker.classList.add("is-chosen");
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

// What is asked for, numbered: answers may overtake each other, and the pane shows what was asked for last.

let request = { asked: 0 };
let asker = null; // the footnote or passage that it is for, if any
let hasCome = true;

function ask(detail, button = null) {
  request = { ...detail, asked: request.asked + 1 };
  asker = wanted = button;
  hasCome = false;
  trigger("show", request);
}

// Whether what the pane has now is what was asked for last, or came by itself.
function isLast() {
  const came = Number(element.querySelector(".came")?.dataset.asked ?? 0);
  if (came && came !== request.asked) {
    if (hasCome) ask(request, asker); // an earlier one has taken its place
    return false;
  }
  hasCome ||= came > 0;
  return true;
}

function reveal(button, came = false) {
  const place = placeOf(button);
  const isAsIs = hasCome && view === "text" && holds(element.querySelector(".text"), place.start);
  if (pane()?.dataset.document !== place.name || !(came || isAsIs)) {
    ask({ document: place.name, start: place.start, end: place.end, view }, button);
    return;
  }
  wanted = null;
  chosen = button;
  const isPicture = element.querySelector(".sheet") !== null;
  const marked = paint(button.closest(".turn"), button);
  const first = marked.find((piece) => piece.getClientRects().length > 0); // the mark of a heading that was an item is not shown
  const seen = isPicture ? element.querySelector(".sheet .box") : first;
  seen?.scrollIntoView({ block: "center", behavior: CALM.matches ? "auto" : "smooth" });
  for (const part of element.querySelectorAll(".back, .link")) part.hidden = false;
  walkLabel();
}

// From one footnote of an answer to the next

const footnotes = () => [...(chosen?.closest(".turn") ?? lastTurn())?.querySelectorAll(".statement .marker") ?? []].filter((m) => m.dataset.document);

function walkLabel() {
  const label = element.querySelector(".walk span");
  const all = footnotes();
  const at = all.findIndex((marker) => marker.classList.contains("is-chosen"));
  if (label) label.parentElement.hidden = !all.length;
  if (label) label.textContent = at < 0 ? `${all.length}` : `${at + 1} of ${all.length}`;
}

function walk(step) {
  const all = footnotes();
  if (!all.length) return;
  const at = all.findIndex((marker) => marker === chosen || marker.classList.contains("is-chosen"));
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length;
  reveal(all[next]);
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
  place.textContent = [name, page, heading].filter(Boolean).join(" · ");
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

const markerAt = (event) => clicked(event, ".marker");
document.addEventListener("mouseover", (event) => {
  const marker = markerAt(event);
  if (marker) showTip(marker);
  else if (clicked(event, ".footnote-tip")) clearTimeout(leaving);
  else if (!tip.hidden && !document.activeElement?.matches(".marker:focus-visible")) hideTipSoon();
});
document.addEventListener("focusin", (event) => (markerAt(event)?.matches(":focus-visible") ? showTip(markerAt(event)) : hideTip()));
document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
document.addEventListener("scroll", () => tip.hidden || hideTip(), { capture: true, passive: true });

// Clicks. Enter and the space bar click a button by themselves.

document.addEventListener("click", (event) => {
  const button = clicked(event, ".marker, .closest, a.place");
  if (button?.dataset.document && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    reveal(button);
  }
  if (clicked(event, ".back") && chosen?.isConnected) {
    chosen.scrollIntoView({ block: "center", behavior: CALM.matches ? "auto" : "smooth" });
    chosen.focus({ preventScroll: true });
  }
  const open = clicked(event, ".open-document");
  if (open) show(open.dataset.document);
});

element.addEventListener("click", (event) => {
  const step = clicked(event, ".walk button");
  if (step) walk(Number(step.dataset.step));
  const turning = clicked(event, ".turn-page");
  if (turning) ask({ document: pane().dataset.document, page: Number(turning.dataset.page), view: "page", ...chosenSpan() });
  const look = clicked(event, ".view");
  if (look && look.dataset.view !== view) {
    view = look.dataset.view;
    if (chosen?.isConnected && placeOf(chosen).name === pane().dataset.document) reveal(chosen);
    else show(pane().dataset.document);
  }
  const link = clicked(event, ".link");
  if (link && chosen) copyLink(link);
});

function show(name) {
  ask({ document: name, start: 0, page: 1, view });
}

// What stays marked while pages are turned
function chosenSpan() {
  const place = chosen?.isConnected ? placeOf(chosen) : null;
  return place && place.name === pane().dataset.document ? { start: place.start, end: place.end } : { start: 0, end: 0 };
}

// Keys, where nothing is being written: the next footnote, the one before, the question

document.addEventListener("keydown", (event) => {
  const isWriting = event.target instanceof Element && event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n" || event.key === "p") walk(event.key === "n" ? 1 : -1);
  else if (event.key === "/") document.querySelector("#question textarea")?.focus();
  else return;
  event.preventDefault();
});

// A link to a place: the document's name and the offsets, behind the "#", which no server is sent

const linkOf = ({ name, start, end }) => `${LINK}${encodeURIComponent(name)}&start=${start}&end=${end}`;

async function copyLink(button) {
  try {
    await navigator.clipboard.writeText(location.origin + location.pathname + linkOf(placeOf(chosen)));
    button.textContent = "Link copied";
  } catch {
    button.textContent = "The browser does not allow copying";
  }
  setTimeout(() => (button.textContent = "Copy link"), 2000);
}

// Stands for the footnote of a link that was opened.
function linked() {
  if (!location.hash.startsWith(LINK)) return null;
  const asked = new URLSearchParams(location.hash.slice(1));
  const stand = document.createElement("button");
  stand.className = "marker linked";
  Object.assign(stand.dataset, { document: asked.get("document"), start: asked.get("start") ?? 0, end: asked.get("end") ?? 0, number: "" });
  return stand;
}
let arriving = linked();
window.addEventListener("hashchange", () => {
  const stand = linked();
  if (stand) reveal(stand);
});

// What is selected in the text, or else the place that is shown, for whoever asks

document.addEventListener("footnote-selection", ({ detail }) => {
  const text = element.querySelector(".text");
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  if (range && text?.contains(range.commonAncestorContainer)) {
    const pieces = [...text.querySelectorAll("[data-start]")].filter((piece) => range.intersectsNode(piece));
    const from = pieces.map((piece) => within(piece, range)).filter(([start, end]) => start < end);
    if (!from.length) return;
    const [start, end] = [from[0][0], from.at(-1)[1]];
    Object.assign(detail, { document: pane().dataset.document, start, end, quote: charactersOf(text, start, end) });
  } else if (chosen?.dataset.document === pane()?.dataset.document && element.querySelector(".is-cited, .is-near")) {
    const { name, start, end } = placeOf(chosen);
    Object.assign(detail, { document: name, start, end, quote: charactersOf(text, start, end) });
  }
});

// The offsets of that part of a piece which a range has.
function within(piece, range) {
  const [start, end] = [Number(piece.dataset.start), Number(piece.dataset.end)];
  const length = (node, offset) => {
    const before = document.createRange();
    before.selectNodeContents(piece);
    before.setEnd(node, offset);
    return Array.from(before.toString()).length;
  };
  const first = piece.contains(range.startContainer) ? start + length(range.startContainer, range.startOffset) : start;
  const last = piece.contains(range.endContainer) ? start + length(range.endContainer, range.endOffset) : end;
  return [first, last];
}

// The characters start..end as they stand in the document: between pieces too, where white space is.
function charactersOf(text, start, end) {
  const [first] = text.querySelectorAll("[data-start]");
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEndBefore(first);
  const skew = Number(first.dataset.start) - Array.from(before.toString()).length;
  return Array.from(text.textContent).slice(start - skew, end - skew).join("");
}

// "Ask" and "Stop" take each other's place: whoever presses them by keyboard (a click without a pointer) goes on in the box.
document.addEventListener("click", (event) => {
  const isPressed = event.detail === 0 && clicked(event, "#question button");
  if (isPressed) document.querySelector("#question textarea").focus();
});

element.addEventListener("change", (event) => {
  if (event.target instanceof Element && event.target.matches(".chooser")) show(event.target.value);
});

watch("value", () => {
  if (!isLast()) return;
  const chooser = element.querySelector(".chooser");
  if (chooser) chooser.value = pane().dataset.document; // what a person has chosen outlives the attribute
  const name = pane()?.dataset.document;
  for (const line of document.querySelectorAll(".library .document")) {
    const open = line.querySelector(".open-document");
    const isShown = open.dataset.document === name;
    line.classList.toggle("is-shown", isShown);
    open.toggleAttribute("aria-current", isShown);
  }
  view = element.querySelector(".view[aria-pressed=true]")?.dataset.view ?? "text";
  const stand = name && arriving;
  if (stand) arriving = null;
  if (stand) reveal(stand);
  else if (wanted && (wanted.isConnected || wanted.matches(".linked"))) reveal(wanted, true);
  else if (element.querySelector(".sheet, .paging")) {
    wanted = null;
    paint(chosen?.closest(".turn") ?? lastTurn(), null);
  } else {
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
    for (const part of element.querySelectorAll(".back, .walk, .link")) part.hidden = true;
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
