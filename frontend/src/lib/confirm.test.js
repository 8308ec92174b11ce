import { beforeEach, expect, it } from "vitest";
import { askToConfirm } from "./confirm.js";
import { controllerName } from "./stimulus.js";

beforeEach(() => {
  document.body.innerHTML = `<dialog id="hr-confirm"><div data-part="body"><h2 data-part="title"></h2><p data-part="text"></p></div>
    <button data-part="no"></button><button data-part="yes" data-label="OK"></button></dialog>`;
});

it("asks in the shell's dialog and tells the answer", async () => {
  const asked = askToConfirm({ title: "删除？", text: "不能恢复", danger: true });
  const dialog = document.getElementById("hr-confirm");
  expect(dialog.querySelector("h2").textContent).toBe("删除？");
  expect(dialog.querySelector('[data-part="yes"]').textContent).toBe("OK");
  expect(dialog.querySelector('[data-part="body"]').className).toBe("danger");
  dialog.close("yes");
  expect(await asked).toBe(true);
});

it("takes a dialog that is dismissed as no", async () => {
  const asked = askToConfirm({ title: "删除？" });
  document.getElementById("hr-confirm").close("");
  expect(await asked).toBe(false);
});

it("names controllers by their files", () => {
  expect(controllerName("../controllers/table_sort_controller.js")).toBe("table-sort");
});
