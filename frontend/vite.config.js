// Builds the entries into the static folder of the web package, with a manifest for django-vite.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const entry = (name) => resolve(root, `src/entries/${name}.js`);

const outDir = resolve(root, "../src/zhiheng/web/static/dist");
const KEPT_MS = 3_600_000;

// Files of earlier builds stay for an hour, so that a server still running on them can load its lazy parts.
const removeOldFiles = {
  name: "remove-old-files",
  apply: "build",
  writeBundle(_options, bundle) {
    for (const name of readdirSync(join(outDir, "assets"))) {
      const path = join(outDir, "assets", name);
      if (!bundle[`assets/${name}`] && Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path);
    }
  },
};

export default defineConfig({
  root,
  plugins: [removeOldFiles],
  base: "./",
  publicDir: false,
  css: {
    preprocessorOptions: {
      scss: {
        loadPaths: [resolve(root, "../node_modules")],
        quietDeps: true,
        // Bootstrap 5.3 is written with @import and the older colour functions.
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
      },
    },
  },
  build: {
    outDir,
    // icons.svg lives beside the assets and is written by build-icons.mjs.
    emptyOutDir: false,
    manifest: "manifest.json",
    target: ["chrome92", "safari15", "firefox90"],
    cssTarget: ["chrome92", "safari15"],
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { pc: entry("pc"), mobile: entry("mobile"), entrance: entry("entrance") },
      output: { entryFileNames: "assets/[name]-[hash].js", chunkFileNames: "assets/[name]-[hash].js" },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.js"] },
});
