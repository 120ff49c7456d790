// Citizens' words: decide by click or key without leaving the page, take back, go on.
"use strict";
const one = (what) => document.querySelector(what);
one(".error-summary")?.focus();
const list = one("[data-voices]");
if (list) {
  const card = one("[data-shortcuts]");
  const keys = one("#pintasan");
  const lost = one("[data-error]").content;
  const byId = (id) => document.getElementById(id);
  const done = [];
  let here, plainly;

  const obey = () => {
    document.body.classList.toggle("keys", keys.checked);
    try { localStorage.noKeys = keys.checked ? "" : "1"; } catch { /* here */ }
  };
  try { keys.checked = !localStorage.noKeys; } catch { /* on */ }
  keys.onchange = obey;
  obey();
  card.hidden = false;

  const ask = async (form, button) => {
    const body = new URLSearchParams(new FormData(form));
    body.append("nada", button.value);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    plainly = answer.status === 401;
    return plainly || answer.json();
  };
  const complain = (item, sentence) => {
    const error = lost.cloneNode(true);
    if (sentence) error.querySelector("span").textContent = sentence;
    item.append(error);
    item.focus();
  };
  const decide = async (form, button) => {
    const item = form.closest("li"), { id } = item, undo = button.value === "batal";
    const stands = button.ariaPressed === "true";
    item.ariaBusy = "true";
    item.querySelector(".field-error")?.remove();
    const told = await ask(form, button).catch(() => ({}));
    item.ariaBusy = null;
    // Signed out: the browser takes the form through the sign-in.
    if (plainly) return button.click();
    for (const part in told.parts) byId(part).outerHTML = told.parts[part];
    const now = byId(id);
    if (!told.said) return complain(now, told.error);
    one("[data-said]").textContent = told.said;
    if (!undo && !stands) done.push(id);
    (!undo && (now.nextElementSibling || one("[data-next]")) || now).focus();
  };

  list.onsubmit = (event) => {
    if (plainly) return;
    event.preventDefault();
    if (!event.target.closest("[aria-busy]")) decide(event.target, event.submitter);
  };
  list.addEventListener("focusin", (event) => { here = event.target.closest("li").id; });

  const move = (way) => {
    const item = byId(here);
    (item ? item[way] || item : list.firstElementChild).focus();
  };
  const takeBack = () => {
    const way = (id) => byId(id)?.querySelector("[value=batal]");
    let button;
    while (!button && done.length) button = way(done.pop());
    (button || way(here))?.click();
  };
  onkeydown = (event) => {
    const { target } = event, key = event.key.toLowerCase();
    if (!keys.checked || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.isComposing || target.closest("input:not(#pintasan),select,textarea")) return;
    const item = target.closest("[data-voices] > li");
    if (key === "j") move("nextElementSibling");
    else if (key === "k") move("previousElementSibling");
    else if (key === "z") takeBack();
    else if (/^[123]$/.test(key) && item && !event.repeat) item.querySelectorAll(".chips button")[key - 1].click();
    else return;
    event.preventDefault();
  };
}
