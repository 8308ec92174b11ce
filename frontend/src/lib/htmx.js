// htmx with our manners: own confirmation dialog, and a toast for every failure that the page cannot show.
import htmx from "htmx.org/dist/htmx.esm.js";
import { askToConfirm } from "./confirm.js";
import { toast, toastText } from "./toast.js";

document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  event.preventDefault();
  const { confirmTitle, confirmLabel, confirmDanger } = ctx.sourceElement.dataset;
  askToConfirm({
    title: confirmTitle ?? ctx.confirm,
    text: confirmTitle ? ctx.confirm : "",
    label: confirmLabel,
    danger: confirmDanger !== undefined,
  }).then((yes) => (yes ? issueRequest() : dropRequest()));
});

// 4xx answers are pages of their own (a form with errors, "no permission"); 5xx are never swapped in.
document.addEventListener("htmx:response:error", (event) => {
  const { status, headers } = event.detail.ctx.response;
  if (status < 500) return;
  const number = headers.get("X-Request-ID") ?? headers.get("X-Error-Number") ?? String(status);
  toast(toastText("server").replace("{number}", number), "bad");
});

document.addEventListener("htmx:error", () => toast(toastText("network"), "bad"));

export default htmx;
