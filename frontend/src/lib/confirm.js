// Ask in the shared dialog of the shell; resolves to true or false. Falls back to the browser's own question.
export function askToConfirm({ title, text = "", label, danger = false }) {
  const dialog = document.getElementById("hr-confirm");
  if (!dialog) return Promise.resolve(window.confirm([title, text].filter(Boolean).join("\n")));
  const part = (name) => dialog.querySelector(`[data-part="${name}"]`);
  part("title").textContent = title;
  part("text").textContent = text;
  part("yes").textContent = label || part("yes").dataset.label;
  part("yes").classList.toggle("danger", danger);
  part("body").classList.toggle("danger", danger);
  dialog.returnValue = "";
  dialog.showModal();
  part(danger ? "no" : "yes").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
