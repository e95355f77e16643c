#!/usr/bin/python3
"""faiss beside our graph, with the arguments and the output of hnswlib_peer.cpp. Debian: python3-faiss (1.7.3)."""
import sys, time
import numpy as np
import faiss

base, queries, exact = (np.fromfile(path, dtype) for path, dtype in zip(sys.argv[1:4], ('<f4', '<f4', '<i4')))
d, m, width, threads = (int(arg) for arg in sys.argv[4:8])
base, queries, exact = base.reshape(-1, d), queries.reshape(-1, d), exact.reshape(-1, 10)
index = faiss.IndexHNSWFlat(d, m, faiss.METRIC_INNER_PRODUCT)
index.hnsw.efConstruction = width
faiss.omp_set_num_threads(threads)
start = time.perf_counter()
index.add(base)
print(f'build {time.perf_counter() - start:.1f}\nbytes {4 * d + 4 * 2 * m + 4 * m / (m - 1) + 12:.0f}', flush=True)
faiss.omp_set_num_threads(1)
for ef in sys.argv[8:]:
    index.hnsw.efSearch = int(ef)
    for _ in range(2):
        times, found = [], 0
        for i in range(len(queries)):
            start = time.perf_counter()
            _, ids = index.search(queries[i:i + 1], 10)
            times.append((time.perf_counter() - start) * 1e6)
            found += len(set(ids[0]) & set(exact[i]))
    print(f'ef {ef} {found / exact.size:.4f} {np.median(times):.1f} {np.mean(times):.1f}', flush=True)
