/// The style of a report: light, dark and paper.
enum Stylesheet {
  static let css = """
    :root {
      color-scheme: light dark;
      --paper: #fcfcfa; --card: #ffffff; --ink: #1d2126; --muted: #626a75; --rule: #e2e3e0;
      --accent: #b4471f; --c0: #8b97a6; --c1: #c8562b; --c2: #2d74b8; --c3: #3c8c5c;
      --c4: #8457b3; --c5: #a98412; --poor: #b00020;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15181c; --card: #1b1f24; --ink: #e4e7eb; --muted: #99a2ae; --rule: #2d333a;
        --accent: #f08a5d; --c0: #7f8b9b; --c1: #ee7f50; --c2: #62a6e8; --c3: #62b985;
        --c4: #b28be0; --c5: #d4b24a; --poor: #ff7b86;
      }
    }
    @media print {
      :root {
        color-scheme: light;
        --paper: #fff; --card: #fff; --ink: #000; --muted: #444; --rule: #bbb; --accent: #9c3a16;
        --c0: #8b97a6; --c1: #c8562b; --c2: #2d74b8; --c3: #3c8c5c; --c4: #8457b3; --c5: #a98412;
        --poor: #b00020;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
      font-variant-numeric: tabular-nums;
    }
    main { max-width: 1040px; margin: 0 auto; padding: 48px 24px 64px; }
    h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -.015em; margin: 0 0 6px; }
    h2 { font-size: 1.25rem; letter-spacing: -.005em; margin: 52px 0 14px; padding-top: 18px;
      border-top: 1px solid var(--rule); }
    p { margin: 0 0 14px; max-width: 46em; }
    .subtitle, footer { color: var(--muted); }
    .verdict { margin: 26px 0 30px; padding: 18px 22px 18px 40px; background: var(--card);
      border: 1px solid var(--rule); border-left: 4px solid var(--accent); border-radius: 4px; }
    .verdict li { margin: 8px 0; max-width: 52em; overflow-wrap: anywhere; }
    .verdict li strong { font-weight: 650; }
    .verdict li span { color: var(--muted); }
    .verdict li.poor strong { color: var(--poor); }
    .headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr));
      gap: 20px 28px; margin: 34px 0 26px; }
    .headline div { border-left: 3px solid var(--rule); padding-left: 14px; display: flex;
      flex-direction: column-reverse; justify-content: flex-end; }
    .headline div:first-child { border-color: var(--accent); }
    .headline dd { margin: 0; font-size: 2.1rem; line-height: 1.15; font-weight: 650;
      letter-spacing: -.02em; white-space: nowrap; }
    .headline div:first-child dd { color: var(--accent); }
    .headline dt { color: var(--muted); font-size: .86rem; line-height: 1.35; margin-top: 4px; }
    .headline div.poor { border-color: var(--poor); }
    .headline div.poor dd, .headline strong, tr.poor td { color: var(--poor); }
    .row { display: grid; gap: 24px; margin: 18px 0; align-items: start; }
    .pictures { grid-template-columns: repeat(auto-fit, minmax(min(100%, 270px), 1fr)); }
    .charts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 32px; }
    .panels { grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); gap: 28px; }
    figure { margin: 0; }
    figure img { display: block; width: 100%; height: auto; image-rendering: pixelated;
      border: 1px solid var(--rule); border-radius: 4px; background: var(--card); }
    .pictures figure { max-width: 640px; }
    figcaption { margin-top: 8px; font-size: .9rem; color: var(--muted); }
    .charts figure, .panels figure { min-width: 0; }
    .charts figure > div { overflow-x: auto; }
    .charts figure:only-child svg.chart:not(.wide) { max-width: 680px; }
    .panels figure:only-child svg.chart { max-width: 340px; }
    svg.chart { display: block; width: 100%; height: auto; overflow: visible; font-size: 12px; }
    svg text { fill: var(--ink); font-family: inherit; }
    svg .title { font-size: 14px; font-weight: 620; }
    svg .muted { fill: var(--muted); font-size: 12px; font-weight: 400; }
    svg .tick, svg .value { fill: var(--muted); }
    svg .value { font-size: 11px; }
    svg .strong { fill: var(--accent); font-weight: 700; }
    svg .middle { text-anchor: middle; } svg .end { text-anchor: end; }
    svg .grid { stroke: var(--rule); stroke-width: 1; }
    svg .axis { stroke: var(--muted); stroke-width: 1; }
    svg .line { fill: none; stroke: var(--c); stroke-width: 1.6; stroke-linejoin: round;
      stroke-linecap: round; }
    svg .faint { opacity: .28; stroke-width: 1; } svg .mean { stroke-width: 2.2; }
    svg .front { stroke: var(--muted); stroke-width: 1.2; stroke-dasharray: 5 4; }
    svg .bar { fill: var(--c); }
    svg .dots { fill: none; stroke: var(--c); stroke-width: 2.6; stroke-linecap: round; opacity: .6; }
    .s0 { --c: var(--c2); } .s1 { --c: var(--c1); } .s2 { --c: var(--c3); }
    .s3 { --c: var(--c4); } .s4 { --c: var(--c5); } .s5 { --c: var(--c0); }
    .scroll { overflow-x: auto; margin: 18px 0; }
    table { border-collapse: collapse; font-size: .92rem; }
    table.facts { width: 100%; }
    caption { text-align: left; color: var(--muted); padding-bottom: 6px; }
    @media (min-width: 720px) { caption { white-space: nowrap; } }
    @media (max-width: 560px) {
      main { padding: 28px 16px 40px; }
      .verdict { padding: 12px 14px 12px 30px; }
      h1, .headline dd { font-size: 1.6rem; }
      th, td { padding-right: 12px; }
      tbody th { white-space: normal; }
      table.facts th { width: 45%; }
      th.number, td.number { padding-left: 14px; }
      svg.chart { min-width: 520px; }
      svg.wide { min-width: 820px; }
      .panels svg.chart { min-width: 0; }
    }
    th, td { padding: 5px 18px 5px 0; text-align: left; vertical-align: top;
      border-bottom: 1px solid var(--rule); }
    thead th { color: var(--muted); font-weight: 500; border-bottom-color: var(--muted); }
    tbody th { font-weight: 400; color: var(--muted); white-space: nowrap; }
    table.facts th { width: 15em; }
    th.number, td.number { text-align: right; padding: 5px 0 5px 28px; }
    td.number { white-space: nowrap; }
    th.number + th:not(.number), td.number + td:not(.number) { padding-left: 18px; }
    td.words { min-width: 15em; }
    tr.strong td, td strong { font-weight: 650; color: var(--accent); }
    code { font: .88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
      overflow-wrap: anywhere; }
    footer { margin-top: 52px; padding-top: 14px; border-top: 1px solid var(--rule);
      font-size: .86rem; }
    @media print {
      body { font-size: 10pt; }
      main { max-width: none; padding: 0; }
      h2 { margin-top: 24px; break-after: avoid; }
      figure, tr, .headline, .verdict li { break-inside: avoid; }
      .scroll, .charts figure > div { overflow: visible; }
      table { font-size: 8pt; }
      th, td { padding-right: 8px; }
      th.number, td.number { padding-left: 8px; white-space: normal; }
      td.words { min-width: 0; }
      svg.chart { min-width: 0; }
      .pictures { grid-template-columns: repeat(2, 1fr); }
      .charts { grid-template-columns: 1fr 1fr; }
      .charts figure:has(svg.wide) { grid-column: 1 / -1; }
      .panels { grid-template-columns: repeat(3, 1fr); }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """
}
