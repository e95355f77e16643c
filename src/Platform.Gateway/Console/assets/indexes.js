// What indexes there are, and one of them with its shards.
import { index, indexes, statistics } from './api.js';
import { bytes, count, element, figures, table } from './dom.js';

export async function indexesPage(signal) {
  const list = await indexes(signal);
  if (list.length === 0) {
    return [element('h1', {}, 'Indexes'), element('p', {}, 'No index yet. Make one: ', element('code', {}, 'platform index create articles --shards 4'))];
  }
  const rows = await Promise.all(list.map(async description => ({ description, statistics: await statistics(description.name, signal).catch(() => null) })));
  return [element('h1', {}, 'Indexes'), table('Every index of this tenant', [
    { title: 'Index', cell: row => element('a', { href: `#/indexes/${encodeURIComponent(row.description.name)}` }, row.description.name) },
    { title: 'Encoder', cell: row => row.description.encoder },
    { title: 'Documents', number: true, cell: row => row.statistics ? count(row.statistics.documents) : '–' },
    { title: 'Stored', number: true, cell: row => row.statistics ? bytes(row.statistics.storedBytes) : '–' },
    { title: 'Shards', number: true, cell: row => coverage(row.statistics) },
    { title: '', cell: row => element('a', { href: `#/search/${encodeURIComponent(row.description.name)}`, 'aria-label': `Search ${row.description.name}` }, 'Search') },
  ], rows)];
}

export async function indexPage(name, signal) {
  const [description, sums] = await Promise.all([index(name, signal), statistics(name, signal)]);
  return [
    element('h1', {}, name),
    figures([
      ['Documents', count(sums.documents)],
      ['Postings', count(sums.postings)],
      ['Stored', bytes(sums.storedBytes)],
      ['Encoder', description.encoder],
      ['Created', new Date(description.createdAt).toLocaleDateString()],
      ['Shards', coverage(sums)],
    ]),
    missing(sums.coverage),
    element('p', {}, element('a', { href: `#/search/${encodeURIComponent(name)}` }, 'Search this index')),
    table('Its shards', [
      { title: 'Shard', number: true, cell: shard => String(shard.ordinal) },
      { title: 'Silo', cell: shard => shard.silo },
      { title: 'Documents', number: true, cell: shard => count(shard.documents) },
      { title: 'Deleted, not yet merged away', number: true, cell: shard => count(shard.deletedDocuments) },
      { title: 'Segments', number: true, cell: shard => String(shard.segments) },
      { title: 'Segment bytes', number: true, cell: shard => bytes(shard.segmentBytes) },
      { title: 'Log bytes', number: true, cell: shard => bytes(shard.logBytes) },
      { title: 'Epoch', number: true, cell: shard => count(shard.epoch) },
    ], sums.shards),
  ];
}

/** What an answer lacks, as every answer says it. */
export function missing(of) {
  return of.answered === of.asked ? null : element('div', { class: 'notice bad', role: 'alert' },
    `${of.asked - of.answered} of ${of.asked} shards did not answer; what is shown lacks them.`,
    element('ul', {}, of.failed.map(failure => element('li', {}, `Shard ${failure.ordinal}: ${failure.reason}`))));
}

function coverage(sums) {
  if (!sums) return '–';
  const { asked, answered } = sums.coverage;
  return element('span', { class: asked === answered ? 'good' : 'bad' }, asked === answered ? String(asked) : `${answered} of ${asked}`);
}
