// The bundle of the sign-in and sign-up pages: no htmx, no charts.
import "../scss/app.scss";
import { startControllers } from "../lib/stimulus.js";
import { guardForms } from "../lib/forms.js";

import { forgetPhone } from "../lib/forget.js";

guardForms();
forgetPhone();
startControllers(
  import.meta.glob("../controllers/{theme,menu,password,toast,clipboard}_controller.js", { eager: true }),
);
