import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";

/** Builds the dashboard as it is shipped into a directory of its own; `remove` deletes it. */
export async function buildDashboard(): Promise<{ dist: string; remove(): Promise<void> }> {
  const dist = await mkdtemp(path.join(tmpdir(), "stationmaster-web-"));
  const manifest = createRequire(import.meta.url).resolve("vite/package.json");
  const vite = path.join(path.dirname(manifest), "bin/vite.js");
  const web = path.dirname(import.meta.dirname);
  const args = [vite, "build", web, "--outDir", dist, "--emptyOutDir", "--logLevel", "error"];
  // A test runner sets NODE_ENV=test, which would build React for development.
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, args, { env, timeout: 60_000 });
  return { dist, remove: () => rm(dist, { recursive: true, force: true }) };
}

/** Texts whose contrast with what is behind them is below WCAG AA (4.5, or 3 for large text). */
export function poorContrast(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 1;
    canvas.height = 1;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return ["no canvas"];
    const paint = (layers: string[]) => {
      context.clearRect(0, 0, 1, 1);
      for (const layer of layers) {
        context.fillStyle = layer;
        context.fillRect(0, 0, 1, 1);
      }
      const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
      return [r, g, b];
    };
    const luminance = (rgb: number[]) => {
      const [r = 0, g = 0, b = 0] = rgb.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const poor = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent?.trim();
      if (!element || !text || element.closest(":disabled, .hidden, noscript, option")) continue;
      if (!element.checkVisibility()) continue;
      const behind: string[] = [];
      for (let node: Element | null = element; node; node = node.parentElement)
        behind.unshift(getComputedStyle(node).backgroundColor);
      const style = getComputedStyle(element);
      const back = luminance(paint(behind));
      const front = luminance(paint([...behind, style.color]));
      const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      const large = Number.parseFloat(style.fontSize) >= 24;
      if (ratio < (large ? 3 : 4.5)) poor.add(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${text}`);
    }
    return [...poor];
  });
}

const CONTROLS = ["button", "link", "textbox", "combobox", "checkbox", "radio", "table", "dialog"];

/** Controls, tables and dialogs that assistive technology has no name for, by the browser's own accessibility tree. */
export async function unnamedControls(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes
    .filter(({ ignored, role, name }) => !ignored && CONTROLS.includes(role?.value) && !name?.value)
    .map(({ role, nodeId }) => `${role?.value} ${nodeId}`);
}
