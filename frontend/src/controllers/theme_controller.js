import { Controller } from "@hotwired/stimulus";
import { setCookie } from "../lib/cookies.js";

// Switches light, dark or the system's choice at once; the cookie makes the next page come out right.
export default class extends Controller {
  static targets = ["choice"];

  set(event) {
    event.preventDefault();
    const { name } = event.params;
    document.documentElement.dataset.bsTheme = name;
    setCookie("hr_theme", name);
    for (const choice of this.choiceTargets)
      choice.setAttribute("aria-pressed", String(choice.dataset.themeNameParam === name));
    window.dispatchEvent(new CustomEvent("theme:changed"));
  }
}
