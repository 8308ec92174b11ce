// Collects the icons that templates, Python and controllers name into one SVG sprite.
//
// An icon is named by {% icon "users" %}, icon="users" (component attribute or Python argument) or
// data-…-icon-value="users"; names that are put together at run time are listed in icons.txt.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/zhiheng/web/static/dist");
const outline = dirname(createRequire(import.meta.url).resolve("@tabler/icons/outline/home.svg"));
const NAMED = [
  /\{%-?\s*icon\s+["']([a-z0-9-]+)["']/g,
  /(?<![:\w-])(?:[\w-]*_)?icon(?:-value)?\s*[=:]\s*["']([a-z0-9-]+)["']/g,
  /#icon-([a-z0-9-]+)/g,
];

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["dist", "__pycache__", "node_modules", "locale", "migrations"].includes(entry.name)) yield* files(path);
    } else if ([".html", ".py", ".js"].includes(extname(entry.name))) yield path;
  }
}

function namedIcons() {
  const found = new Map();
  for (const folder of [join(here, "../src/zhiheng"), join(here, "src")])
    for (const path of files(folder)) {
      const text = readFileSync(path, "utf8");
      for (const pattern of NAMED) for (const [, name] of text.matchAll(pattern)) found.set(name, path);
    }
  for (const name of readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/)) if (name) found.set(name, "icons.txt");
  return found;
}

function symbol(name) {
  const svg = readFileSync(join(outline, `${name}.svg`), "utf8");
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "")}</symbol>`;
}

const symbols = [];
let missing = 0;
for (const [name, path] of [...namedIcons()].sort()) {
  if (existsSync(join(outline, `${name}.svg`))) symbols.push(symbol(name));
  else {
    missing += 1;
    console.warn(`icons: no icon called "${name}" (named in ${path})`);
  }
}
mkdirSync(out, { recursive: true });
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
writeFileSync(join(out, "icons.svg"), sprite);
console.log(`icons: ${symbols.length} in the sprite, ${(sprite.length / 1024).toFixed(1)} kB`);
if (missing && process.argv.includes("--strict")) process.exit(1);
