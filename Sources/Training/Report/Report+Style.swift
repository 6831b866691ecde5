extension Report {
  /// The page's style. Colours of lines are those of Okabe and Ito ("Color universal design", 2008), which people tell apart
  /// who see fewer colours, darkened where they would be faint; on a dark page they are lighter.
  static let style: Markup = """
    :root{--paper:#fcfcfb;--card:#fff;--ink:#1d2226;--soft:#5b646c;--rule:#dfe3e6;--grid:#e9ecee;--accent:0 92 150;\
    --c0:#005c96;--c1:#c24a00;--c2:#007a5a;--c3:#a04a80;--c4:#6b6f00}
    @media(prefers-color-scheme:dark){:root{--paper:#15181b;--card:#1c2024;--ink:#e8eaec;--soft:#a3adb5;--rule:#353c42;\
    --grid:#2a3035;--accent:92 170 226;--c0:#6cb6ea;--c1:#f0945a;--c2:#4cc9a4;--c3:#dd9cc2;--c4:#d0cd5c}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;overflow-wrap:anywhere;background:var(--paper);color:var(--ink);\
    font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
    main{max-width:56rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
    h1{font-size:1.9rem;line-height:1.2;margin:.1em 0 .3em;font-weight:650;letter-spacing:-.01em}
    h2{font-size:1.2rem;line-height:1.3;margin:0 0 .5rem;font-weight:650}
    p{margin:.4rem 0 .9rem;max-width:44rem}
    a{color:var(--c0)}
    .kind{margin:0;color:var(--soft);font-size:.8rem;letter-spacing:.09em;text-transform:uppercase}
    .data,.small,figcaption+p{color:var(--soft)}
    .small{font-size:.82rem;margin:.3rem 0 0}
    nav ul,.keys,.tiles{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap}
    nav{margin:1.6rem 0 0;padding:.8rem 0;border:solid var(--rule);border-width:1px 0;font-size:.9rem}
    nav ul{gap:.3rem 1.2rem}
    nav a{text-decoration:none}
    nav a:hover{text-decoration:underline}
    section{margin-top:3rem}
    .tiles{gap:.8rem;margin-top:1.4rem}
    .tiles li{flex:1 1 9rem;background:var(--card);border:1px solid var(--rule);border-radius:.6rem;padding:.8rem 1rem}
    .tiles b,.tiles span{display:block;color:var(--soft);font-size:.82rem;font-weight:400}
    .tiles strong{display:block;font-size:1.7rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem;align-items:start}
    figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:.6rem;padding:.8rem .9rem 1rem;min-width:0}
    .charts>figure:only-child{max-width:27.5rem}
    figcaption{font-weight:600;font-size:.92rem;margin-bottom:.3rem}
    svg{display:block;width:100%;height:auto}
    text{font-size:11px;fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
    .tick{fill:var(--soft);font-variant-numeric:tabular-nums}
    .label{fill:var(--soft)}
    .name{font-size:12px}
    .grid{stroke:var(--grid)}
    .axis{stroke:var(--soft)}
    .guide{fill:none;stroke:var(--soft);stroke-dasharray:1 3;stroke-linecap:round}
    .line{fill:none;stroke-width:2;stroke-linejoin:round}
    .whisker{fill:none;stroke:var(--ink);stroke-width:1.2}
    .dots{fill-opacity:.62}.marks{stroke:var(--card);stroke-width:1.5}
    .c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}
    .line{stroke:var(--c)}.bar,.dots,.marks{fill:var(--c)}
    .d1.line{stroke-dasharray:6 4}
    .keys{gap:.2rem 1.1rem;margin-top:.4rem;font-size:.82rem;color:var(--soft)}
    .key{display:inline-block;width:1.6rem;border-top:.16rem solid var(--c);margin-right:.45rem;vertical-align:.22em}
    .key.d1{border-top-style:dashed}
    .scroll{overflow-x:auto;border:1px solid var(--rule);border-radius:.6rem;background:var(--card)}
    table{overflow-wrap:normal;border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
    caption{text-align:start;color:var(--soft);padding:.7rem .9rem;font-size:.85rem}
    th,td{padding:.42rem .9rem;text-align:end;vertical-align:top;border-top:1px solid var(--rule)}
    thead th{color:var(--soft);font-weight:600;font-size:.8rem;vertical-align:bottom}
    th[scope=row],thead th:first-child,.text{text-align:start}
    th[scope=row]{font-weight:500}
    .text,th[dir]{min-width:5rem;max-width:22rem;overflow-wrap:break-word}
    th span,td span{display:block;color:var(--soft);font-size:.78rem;font-weight:400}
    .figures td{white-space:nowrap}.figures th[scope=row]{min-width:8rem}
    .best{font-weight:700}
    .confusion{width:fit-content;max-width:100%}
    .confusion th,.confusion td{padding:.35rem .5rem;text-align:center}
    .confusion th[scope=row]{text-align:start}
    .confusion th[dir]{min-width:2.4rem;max-width:9rem}
    .confusion thead th{text-align:center}
    .confusion td span{color:inherit;opacity:.85}
    .confusion .own{font-weight:650;box-shadow:inset 0 0 0 1px rgb(var(--accent))}
    .confusion .t0{color:var(--soft)}
    .confusion .sum{color:var(--soft)}
    .t1{background:rgb(var(--accent)/.06)}.t2{background:rgb(var(--accent)/.11)}.t3{background:rgb(var(--accent)/.16)}\
    .t4{background:rgb(var(--accent)/.21)}.t5{background:rgb(var(--accent)/.26)}.t6{background:rgb(var(--accent)/.31)}\
    .t7{background:rgb(var(--accent)/.36)}.t8{background:rgb(var(--accent)/.41)}.t9{background:rgb(var(--accent)/.46)}
    .mistakes img{display:block;min-width:3.5rem;max-width:8rem;height:auto;image-rendering:pixelated;border-radius:.2rem}
    pre{margin:.4rem 0 .9rem;padding:.9rem 1rem;background:var(--card);border:1px solid var(--rule);border-radius:.6rem;\
    white-space:pre-wrap;font:.88rem/1.5 ui-monospace,"DejaVu Sans Mono",monospace}
    pre span{display:inline-block;max-width:100%}
    details{margin-top:1rem}
    summary{cursor:pointer;color:var(--c0);margin-bottom:.6rem}
    :focus-visible{outline:2px solid var(--c0);outline-offset:2px}
    @media(max-width:34rem){main{padding:1.6rem 1rem 3rem}th,td,caption{padding-inline:.6rem}h1{font-size:1.6rem}section{margin-top:2.4rem}}
    @media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb;--grid:#ddd;--accent:0 92 150;\
    --c0:#005c96;--c1:#c24a00;--c2:#007a5a;--c3:#a04a80;--c4:#6b6f00}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    body{font-size:10pt}main{max-width:none;padding:0}nav,summary{display:none}section{margin-top:1.4rem}
    h2,section>p{break-after:avoid}figure,tr,.tiles,.confusion{break-inside:avoid}.charts{grid-template-columns:1fr 1fr}
    .scroll{overflow:visible;border:0}thead{display:table-header-group}}

    """
}
