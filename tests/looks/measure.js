// What a reader sees of the letter that is shown: measured, judged by look.
(() => {
  const found = { wide: [], faint: [], small: [], images: 0, rows: [], answers: [] };
  const width = document.documentElement.clientWidth;
  const short = s => s.trim().replace(/\s+/g, ' ').slice(0, 60);
  const colour = s => {
    const n = s.match(/[\d.]+/g).map(Number);
    return { r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1 };
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1,
  });
  const behind = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const c = colour(getComputedStyle(e).backgroundColor);
      if (c.a > 0) layers.push(c);
      if (c.a === 1) break;
    }
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return layers.reduceRight((under, top) => over(top, under), dark ? { r: 18, g: 18, b: 18, a: 1 } : { r: 255, g: 255, b: 255, a: 1 });
  };
  // WCAG 2.2, relative luminance and contrast ratio
  const light = c => {
    const part = v => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
  };
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const hidden = e => {
    for (; e; e = e.parentElement) {
      const s = getComputedStyle(e);
      if (s.display === 'none' || s.visibility === 'hidden' || s.opacity === '0') return true;
    }
    return false;
  };
  const inside = r => r.width > 0 && r.left >= -0.5 && r.right <= width + 0.5;

  found.scroll = document.scrollingElement.scrollWidth - innerWidth;
  found.images = document.querySelectorAll('img, svg, picture, video, iframe, object, script, link, form').length;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const words = node.data.replace(/[\s\u00a0]/g, '');
    if (words === '' || hidden(node.parentElement)) continue;
    const style = getComputedStyle(node.parentElement);
    const range = document.createRange();
    range.selectNodeContents(node);
    if ([...range.getClientRects()].some(r => !inside(r) && r.width > 0)) found.wide.push(short(node.data));
    if (parseFloat(style.fontSize) < 13) found.small.push(style.fontSize + ' ' + short(node.data));
    const wanted = /^[■●]+$/.test(words) ? 3 : 4.5; // a sign beside words that say the same
    const has = contrast(over(colour(style.color), behind(node.parentElement)), behind(node.parentElement));
    if (!/^\p{Extended_Pictographic}+\uFE0F?$/u.test(words) && has < wanted) found.faint.push(has.toFixed(2) + ' ' + short(node.data));
  }
  // numbered items: what stands in a row with its number
  for (const e of document.querySelectorAll('[data-number], .badge, .number')) {
    if (hidden(e)) continue;
    const row = e.closest('tr');
    found.rows.push({ number: e.innerText.trim(), text: row ? row.innerText.replace(/\s+/g, ' ') : '', seen: inside(e.getBoundingClientRect()) && (!row || inside(row.getBoundingClientRect())) });
  }
  for (const a of document.querySelectorAll('a[href^="mailto:"]')) {
    const r = a.getBoundingClientRect();
    found.answers.push({ href: a.getAttribute('href'), words: short(a.innerText), seen: !hidden(a) && inside(r), height: r.height, button: a.matches('.button, .pill') });
  }
  found.text = document.body.innerText;
  found.height = document.documentElement.scrollHeight;
  return found;
})()
