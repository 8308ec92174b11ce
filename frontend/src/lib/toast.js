// Toasts are shown by the toast controller; texts live in the page, in the reader's language.
export function toast(text, kind = "info") {
  window.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));
}

export function toastText(name) {
  return document.getElementById("hr-toasts")?.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`] ?? name;
}
