// The bundle of the PC shell: styles, htmx and all controllers. Heavy libraries load inside controllers.
import "../scss/app.scss";
import "../lib/htmx.js";
import { startControllers } from "../lib/stimulus.js";
import { guardForms } from "../lib/forms.js";

guardForms();
startControllers(import.meta.glob("../controllers/*_controller.js", { eager: true }));
