// One query, its hits, and why each was found.
import { indexes, search } from './api.js';
import { element } from './dom.js';
import { missing } from './indexes.js';

export async function searchPage(name, signal) {
  const list = await indexes(signal);
  if (list.length === 0) return [element('h1', {}, 'Search'), element('p', {}, 'There is no index to search.')];
  const chosen = element('select', { id: 'index' }, list.map(each => element('option', { value: each.name, selected: each.name === name }, each.name)));
  const text = element('input', { id: 'text', type: 'search', required: true, autocomplete: 'off' });
  const top = element('input', { id: 'top', type: 'number', min: 1, max: 100, value: 10 });
  const answer = element('section', { 'aria-label': 'Answer', 'aria-live': 'polite' });
  const ask = async event => {
    event.preventDefault();
    answer.replaceChildren(element('p', { class: 'quiet' }, 'Searching…'));
    const start = performance.now();
    try {
      const found = await search(chosen.value, { text: text.value, top: Number(top.value), explain: true }, signal);
      answer.replaceChildren(...shown(found, performance.now() - start).filter(child => child != null));
    } catch (error) {
      if (!signal.aborted) answer.replaceChildren(element('p', { class: 'notice bad', role: 'alert' }, error.message));
    }
  };
  return [
    element('h1', {}, 'Search'),
    element('form', { role: 'search', onsubmit: ask },
      element('label', {}, 'Index', chosen),
      element('label', { class: 'wide' }, 'Query', text),
      element('label', {}, 'Hits', top),
      element('button', { class: 'first' }, 'Search')),
    answer,
  ];
}

function shown(found, total) {
  const { coverage, hits } = found;
  return [
    missing(coverage),
    element('p', { class: 'quiet' },
      `${hits.length} hits from ${coverage.answered} of ${coverage.asked} shards; ${found.tookMilliseconds.toFixed(1)} ms in the service, ${total.toFixed(0)} ms in all.`),
    element('ol', { class: 'hits' }, hits.map((hit, rank) => element('li', {},
      element('h3', {}, `${rank + 1}. ${hit.document?.title || hit.id}`),
      element('p', { class: 'quiet' }, `${hit.id} · score ${hit.score.toFixed(4)}`),
      hit.document?.text ? element('p', {}, ...marked(excerpt(hit.document.text), hit.explanation ?? [])) : null,
      bars(hit.explanation ?? [])))),
  ];
}

const excerpt = text => text.length > 320 ? `${text.slice(0, 320)}…` : text;

/** The text with the words that begin as a matched term does; terms are stems or pieces of words. */
function marked(text, explanation) {
  const terms = explanation.map(part => part.term.trim().toLowerCase()).filter(term => term.length > 1);
  return text.split(/(\p{L}[\p{L}\p{N}]*)/u).map(piece =>
    terms.some(term => piece.toLowerCase().startsWith(term)) ? element('mark', {}, piece) : piece);
}

function bars(explanation) {
  if (explanation.length === 0) return null;
  const most = Math.max(...explanation.map(part => part.contribution));
  return element('div', { class: 'terms', role: 'list', 'aria-label': 'What the terms add to the score' }, explanation.slice(0, 8).map(part =>
    element('div', { role: 'listitem' },
      element('span', {}, part.term),
      element('meter', { min: 0, max: most, value: part.contribution, 'aria-label': `Contribution of ${part.term}` }),
      element('span', { class: 'number', title: `${part.queryWeight.toFixed(3)} in the query × ${part.documentWeight.toFixed(3)} in the document` }, part.contribution.toFixed(3)))));
}
