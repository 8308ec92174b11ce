// The phone bundle: only what phone pages use.
import "../scss/mobile.scss";
import "../lib/htmx.js";
import { startControllers } from "../lib/stimulus.js";
import { guardForms } from "../lib/forms.js";

guardForms();
startControllers(
  import.meta.glob(
    "../controllers/{theme,menu,dialog,opener,toast,confirm,autosubmit,tabs,poll,punch,kiosk,place,face_capture,face_try,clipboard}_controller.js",
    { eager: true },
  ),
);
