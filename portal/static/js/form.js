// Citizen forms: one sending at a time, words kept on the phone until they have arrived, a word when offline.
"use strict";
for (const form of document.querySelectorAll("form[data-draft]")) {
  const words = form.querySelector("textarea");
  const key = "draft:" + form.dataset.draft;
  const button = form.querySelector("button:not([form])");
  const label = button.textContent;
  const lost = form.querySelector("[data-offline]");
  try {
    if (!words.value) words.value = sessionStorage.getItem(key) || "";
    words.addEventListener("input", () => sessionStorage.setItem(key, words.value));
  } catch { /* a browser without storage keeps the page itself */ }
  form.addEventListener("submit", (event) => {
    lost.hidden = navigator.onLine;
    if (!navigator.onLine || button.ariaBusy === "true") return event.preventDefault();
    button.ariaBusy = "true";
    button.textContent = "Mengirim";
  });
  addEventListener("pageshow", () => {
    button.ariaBusy = null;
    button.textContent = label;
  });
}
for (const arrived of document.querySelectorAll("[data-arrived]")) {
  try { sessionStorage.removeItem("draft:" + arrived.dataset.arrived); } catch { /* nothing kept */ }
}
document.querySelector(".error-summary")?.focus();
