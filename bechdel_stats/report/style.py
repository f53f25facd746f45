"""How pages look: on a wide screen, on a phone, and printed, with the first section on one sheet of A4."""

_COMMON = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1a1a1a;
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
a { color: #005a8e; }
figure { margin: 0.8rem 0; }
figcaption { font-weight: 600; margin-bottom: 0.2rem; }
svg { display: block; width: 100%; height: auto; }
.headline { display: flex; flex-wrap: wrap; align-items: center; gap: 0.2rem 1rem; margin: 0.8rem 0; }
.headline b { font-size: 3.4rem; line-height: 1; color: #005a8e; white-space: nowrap; }
.headline span { flex: 1 1 14rem; font-size: 1.1rem; }
.lack { border-left: 4px solid #d55e00; padding: 0.3rem 0.8rem; background: #fdf3ec; }
""".strip()

PAGE = (
    _COMMON
    + """
body { margin: 0 auto; max-width: 52rem; padding: 0 1rem 3rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 1.5rem 0 0.8rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 0.5rem; border-bottom: 2px solid #0072b2; }
h3 { font-size: 1.1rem; margin: 1.6rem 0 0.4rem; }
#summary h3 { border-top: 1px solid #d5d9dd; padding-top: 0.8rem; }
nav { background: #f4f6f8; padding: 0.6rem 1rem; margin-top: 2rem; }
nav h2 { border: 0; margin: 0; font-size: 1rem; }
nav ul { margin: 0.3rem 0; padding-left: 1.2rem; columns: 2; }
li { margin: 0.25rem 0; }
svg { max-width: 36rem; }
.table { overflow-x: auto; margin: 0.8rem 0; }
.table:focus { outline: 2px solid #0072b2; }
table { border-collapse: collapse; font-size: 0.87rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0.2rem 0; }
.aloud { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 0.22rem 0.55rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #555; vertical-align: bottom; }
tbody tr:nth-child(even) { background: #f4f6f8; }
tbody th { font-weight: normal; min-width: 8rem; }
tbody th.number { min-width: 0; }
.number { text-align: right; }
td.number { white-space: nowrap; }
thead .number { min-width: 4rem; }
.note { font-size: 0.87rem; color: #333; margin: 0.3rem 0; }
@media (max-width: 30rem) { nav ul { columns: 1; } body { padding: 0 0.7rem 2rem; } h1 { font-size: 1.5rem; }
  table { font-size: 0.8rem; } th, td { padding: 0.2rem 0.35rem; } tbody th { min-width: 6rem; }
  thead .number { min-width: 3rem; } }
@page { size: A4; margin: 14mm; }
@media print { body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.35; } nav { display: none; }
  #summary { break-after: page; } #summary svg { max-width: 11.5cm; } h1 { margin-top: 0; font-size: 18pt; }
  .headline b { font-size: 34pt; } .headline span { font-size: 12pt; } .note { font-size: 8.5pt; }
  h2 { font-size: 14pt; } h3 { font-size: 11pt; } .table { overflow: visible; } table { font-size: 7.5pt; }
  svg { max-width: 13cm; }
  figure, tr, li { break-inside: avoid; } h2, h3, figcaption { break-after: avoid; } a { color: inherit; } }"""
)

SLIDES = (
    _COMMON
    + """
html { scroll-snap-type: y proximity; }
section { box-sizing: border-box; min-height: 100vh; padding: 2.5vmin 5vmin 7vmin; position: relative;
  scroll-snap-align: start; display: flex; flex-direction: column; justify-content: center;
  font-size: clamp(1rem, 3.5vmin, 3rem); }
h1, h2 { color: #005a8e; line-height: 1.15; margin: 0 0 0.5em; font-size: clamp(1.5rem, 6vmin, 4rem); }
p, ul { margin: 0.4em 0; } li { margin: 0.35em 0; }
.headline b { font-size: clamp(3.5rem, 22vmin, 14rem); } .headline span { font-size: clamp(1.1rem, 4.4vmin, 3.2rem); }
.note { font-size: 0.7em; color: #333; }
.slide { display: flex; gap: 4vmin; align-items: center; }
.slide > div { flex: 1 1 0; min-width: 0; } .slide > figure { flex: 1.15 1 0; min-width: 0; margin: 0; }
figure svg { max-height: 74vh; }
figcaption { font-size: 0.85em; }
footer { position: absolute; right: 5vmin; bottom: 2.2vmin; font-size: 0.9rem; color: #333; }
footer a { padding: 0.3rem 0.5rem; }
@media (max-width: 48rem) { section { padding: 1.2rem 1rem 3rem; justify-content: flex-start; }
  .slide { flex-direction: column; align-items: stretch; } .slide > div, .slide > figure { flex: none; }
  figure svg { max-height: none; } }
@page { size: 1280px 720px; margin: 0; }
@media print { section { height: 720px; min-height: 0; break-after: page; overflow: hidden; font-size: 25px; }
  h1, h2 { font-size: 44px; } figure svg { max-height: 540px; } footer { display: none; } }"""
)
