import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where the API answers while `vite` serves the sources; the daemon's default address unless told otherwise. */
const api = process.env.STATIONMASTER_API ?? "http://127.0.0.1:4700";

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The style sheet uses light-dark() and color-mix() as they are.
    target: ["chrome123", "firefox121", "safari17.5"],
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: api } } },
});
