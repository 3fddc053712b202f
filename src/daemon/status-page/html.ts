import { createHash } from "node:crypto";
import type { PublicDay, PublicIncident, PublicService, StatusPage } from "../../contract/status-page.ts";
import { escapeHtml } from "./escape.ts";
import { STYLE } from "./style.ts";
import { INCIDENT_WORDS, OVERALL_WORDS, STATE_WORDS, uptimeWords } from "./words.ts";

/** A reader's browser asks again this often; the page changes no faster. */
const REFRESH_S = 60;
const BAR_WIDTH = 5;
const BAR_GAP = 2;
const BAR_HEIGHT = 24;

/** What a browser may do with the page: show it with its own style. `frame-ancestors` counts only as a header. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The addresses of the other forms, seen from the page. */
interface Links {
  json: string;
  atom: string;
}

/** The page as one file without scripts. Every text in it is data. */
export function renderHtml(page: StatusPage, links: Links): string {
  const title = `${page.title}: ${OVERALL_WORDS[page.state]}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(PAGE_POLICY)}">
<meta http-equiv="refresh" content="${REFRESH_S}">
<title>${escapeHtml(title)}</title>
<link rel="alternate" type="application/atom+xml" title="${escapeHtml(page.title)}" href="${escapeHtml(links.atom)}">
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(page.title)}</h1>
<p class="overall ${page.state}">${OVERALL_WORDS[page.state]}</p>
</header>
<main>
<h2>Services</h2>
<ul>
${page.services.map(serviceItem).join("\n")}
</ul>
<h2>Incidents of the last 90 days</h2>
${page.incidents.length === 0 ? "<p>None.</p>" : `<ul>\n${page.incidents.map(incidentItem).join("\n")}\n</ul>`}
</main>
<footer class="faint">
<p>As of ${time(page.generatedAt)}. If that is more than a few minutes ago, this page is not being updated and what it says may be wrong.</p>
<p><a href="${escapeHtml(links.atom)}">Feed</a> · <a href="${escapeHtml(links.json)}">JSON</a></p>
</footer>
</body>
</html>
`;
}

function serviceItem({ name, state, stale, uptime90d, days }: PublicService): string {
  const word = stale ? `${STATE_WORDS[state]} (stale)` : STATE_WORDS[state];
  return `<li class="service">
<div class="head"><h3>${escapeHtml(name)}</h3><span class="state ${state}">${word}</span></div>
${bars(days)}
<div class="head faint"><span>90 days ago</span><span>${uptimeWords(uptime90d)}</span><span>Today</span></div>
</li>`;
}

function bars(days: readonly PublicDay[]): string {
  const width = days.length * (BAR_WIDTH + BAR_GAP) - BAR_GAP;
  const count = (state: PublicDay["state"]) => days.filter((day) => day.state === state).length;
  const label = `Last ${days.length} days: ${count("operational")} without problems, ${count("degraded")} disturbed, ${count("outage")} with an outage, ${count("unknown")} unknown`;
  const rects = days.map(({ day, state, uptime }, index) => {
    // A day with trouble, and one without data, differ in height too: not everybody tells the colours apart.
    const height = { operational: BAR_HEIGHT, degraded: 18, outage: 12, unknown: 6 }[state];
    const text = `${day}: ${STATE_WORDS[state]}${uptime === null ? "" : `, ${uptimeWords(uptime)}`}`;
    return `<rect class="${state}" x="${index * (BAR_WIDTH + BAR_GAP)}" y="${BAR_HEIGHT - height}" width="${BAR_WIDTH}" height="${height}"><title>${text}</title></rect>`;
  });
  return `<svg class="bars" viewBox="0 0 ${width} ${BAR_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">${rects.join("")}</svg>`;
}

function incidentItem({ id, title, state, startedAt, resolvedAt, updates }: PublicIncident): string {
  const lines = updates.map(
    ({ at, text }) => `<li><p class="faint">${time(at)}</p><p class="text">${escapeHtml(text)}</p></li>`,
  );
  const end = resolvedAt === null ? "" : ` to ${time(resolvedAt)}`;
  return `<li class="incident" id="${escapeHtml(id)}">
<div class="head"><h3>${escapeHtml(title)}</h3><span class="state">${INCIDENT_WORDS[state]}</span></div>
<p class="faint">${time(startedAt)}${end}</p>
<ul class="updates">${lines.join("")}</ul>
</li>`;
}

function time(iso: string): string {
  return `<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}
