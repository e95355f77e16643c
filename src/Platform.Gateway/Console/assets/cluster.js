// Silos, and on each the tenant's shards as tiles by their bytes.
import { indexes, statistics } from './api.js';
import { bytes, element } from './dom.js';

export async function clusterPage(signal) {
  const list = await indexes(signal);
  const answers = await Promise.all(list.map(async ({ name }) => ({ name, sums: await statistics(name, signal).catch(() => null) })));
  const shards = answers.flatMap(({ name, sums }) => (sums?.shards ?? []).map(shard => ({ index: name, ...shard, bytes: shard.segmentBytes + shard.logBytes })));
  const largest = Math.max(1, ...shards.map(shard => shard.bytes));
  const silos = Map.groupBy(shards, shard => shard.silo);
  const sizes = [...silos.values()].map(held => held.reduce((sum, shard) => sum + shard.bytes, 0));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length);
  return [
    element('h1', {}, 'Cluster'),
    element('p', { class: 'quiet' }, silos.size === 0 ? 'No shard is open.'
      : `${shards.length} shards on ${silos.size} silos; the fullest holds ${(Math.max(...sizes) / Math.max(1, mean)).toFixed(2)} times the mean.`),
    element('div', { class: 'silos' }, [...silos].sort(([a], [b]) => a.localeCompare(b)).map(([silo, held]) =>
      element('section', { class: 'silo', 'aria-label': `Silo ${silo}` },
        element('h2', {}, silo),
        element('p', { class: 'quiet' }, `${held.length} shards, ${bytes(held.reduce((sum, shard) => sum + shard.bytes, 0))}`),
        element('div', { class: 'tiles' }, held.sort((a, b) => b.bytes - a.bytes).map(shard => {
          const tile = element('a', { href: `#/indexes/${encodeURIComponent(shard.index)}`, title: `${shard.index}, shard ${shard.ordinal}: ${bytes(shard.bytes)}` },
            `${shard.index} ${shard.ordinal}`);
          tile.style.flexGrow = String(1 + Math.round(9 * shard.bytes / largest));
          return tile;
        }))))),
  ];
}
