import { Application } from "@hotwired/stimulus";

// "../controllers/table_sort_controller.js" -> "table-sort"
export function controllerName(path) {
  return path.match(/([\w-]+)_controller\.js$/)[1].replaceAll("_", "-");
}

export function startControllers(modules) {
  const application = Application.start();
  for (const [path, module] of Object.entries(modules)) application.register(controllerName(path), module.default);
  return application;
}
