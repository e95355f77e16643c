// Elements are made, never parsed out of text: nothing that a tenant stored can become markup.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter(child => child != null));
  return made;
}

export function table(caption, columns, rows) {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    element('table', {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, columns.map(column =>
        element('th', { scope: 'col', class: column.number && 'number' }, column.title)))),
      element('tbody', {}, rows.map(row => element('tr', {}, columns.map(column =>
        element('td', { class: column.number && 'number' }, column.cell(row))))))));
}

export function figures(pairs) {
  return element('dl', { class: 'figures' }, pairs.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

export const count = number => number.toLocaleString('en');

export function bytes(number) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (number >= 1000 && unit < units.length - 1) { number /= 1000; unit++; }
  return `${unit === 0 ? number : number.toFixed(1)} ${units[unit]}`;
}
