/** The whole style of the page; inline, so that an exported page is one file. Text and marks keep 4.5:1 against their ground. */
export const STYLE = `:root{color-scheme:light dark;--ground:#fff;--text:#1b1f24;--faint:#57606a;--line:#d0d7de;--operational:#1a7f37;--degraded:#9a6700;--outage:#cf222e;--unknown:#6e7781}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--text:#e6edf3;--faint:#9ea7b3;--line:#30363d;--operational:#3fb950;--degraded:#d29922;--outage:#ff7b72;--unknown:#8b949e}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main,header,footer{max-width:46rem;margin:0 auto;padding:0 1rem}
header{padding-top:2rem}
h1{font-size:1.5rem;margin:0 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.125rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
p{margin:.25rem 0}
.overall{border:2px solid;border-radius:.5rem;padding:.75rem 1rem;font-weight:600}
.service,.incident{border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0;list-style:none}
ul{margin:0;padding:0}
.head{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.25rem 1rem}
.operational{color:var(--operational)}.degraded{color:var(--degraded)}.outage{color:var(--outage)}.unknown{color:var(--unknown)}
.head .state{font-weight:600;flex:none}
.bars{display:block;width:100%;height:2rem;margin:.5rem 0 .25rem}
.bars rect{fill:currentColor}
.faint{color:var(--faint);font-size:.875rem}
.text{white-space:pre-line;overflow-wrap:anywhere}
.updates{margin-top:.5rem}
.updates li{list-style:none;border-left:3px solid var(--line);padding-left:.75rem;margin-top:.5rem}
a{color:inherit}
footer{padding-top:1rem;padding-bottom:2rem}`;
