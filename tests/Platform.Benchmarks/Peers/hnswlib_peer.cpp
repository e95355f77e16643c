// hnswlib beside our graph: the same vectors and queries, inner product, the same M, efConstruction and threads.
// Build: g++ -O3 -march=native -pthread -o hnswlib_peer hnswlib_peer.cpp        (Debian: libhnswlib-dev)
// Run:   hnswlib_peer base.f32 queries.f32 exact.i32 DIMENSIONS M EF_CONSTRUCTION THREADS EF...
// Prints one line for the build and one for each ef: ef, recall@10, median and mean microseconds of a query on one thread.
#include <hnswlib/hnswlib.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <unordered_set>
#include <vector>

template <typename T> static std::vector<T> readAll(const char *path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) { std::fprintf(stderr, "cannot read %s\n", path); std::exit(1); }
    std::vector<T> values(file.tellg() / sizeof(T));
    file.seekg(0);
    file.read(reinterpret_cast<char *>(values.data()), values.size() * sizeof(T));
    return values;
}

static double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int main(int argc, char **argv) {
    if (argc < 9) { std::fprintf(stderr, "usage: base queries exact dimensions M efConstruction threads ef...\n"); return 2; }
    const std::vector<float> base = readAll<float>(argv[1]), queries = readAll<float>(argv[2]);
    const std::vector<int> exact = readAll<int>(argv[3]);
    const size_t d = std::atoi(argv[4]), m = std::atoi(argv[5]), width = std::atoi(argv[6]), threads = std::atoi(argv[7]);
    const size_t n = base.size() / d, q = queries.size() / d, k = 10;
    hnswlib::InnerProductSpace space(d);
    double start = seconds();
    hnswlib::HierarchicalNSW<float> index(&space, n, m, width);
    index.addPoint(base.data(), 0);
    std::atomic<size_t> next{1};
    std::vector<std::thread> workers;
    for (size_t t = 0; t < threads; t++)
        workers.emplace_back([&] { for (size_t i; (i = next++) < n;) index.addPoint(base.data() + i * d, i); });
    for (auto &worker : workers) worker.join();
    std::printf("build %.1f\nbytes %.0f\n", seconds() - start, double(index.size_data_per_element_) + 4.0);
    for (int arg = 8; arg < argc; arg++) {
        index.setEf(std::atoi(argv[arg]));
        size_t found = 0;
        std::vector<double> times;
        for (int pass = 0; pass < 2; pass++) {                  // the first warms up
            times.clear();
            found = 0;
            for (size_t i = 0; i < q; i++) {
                start = seconds();
                auto answer = index.searchKnn(queries.data() + i * d, k);
                times.push_back((seconds() - start) * 1e6);
                std::unordered_set<int> truth(exact.begin() + i * k, exact.begin() + (i + 1) * k);
                for (; !answer.empty(); answer.pop()) found += truth.count(int(answer.top().second));
            }
        }
        double sum = 0;
        for (double time : times) sum += time;
        std::sort(times.begin(), times.end());
        std::printf("ef %s %.4f %.1f %.1f\n", argv[arg], double(found) / (q * k), times[q / 2], sum / q);
        std::fflush(stdout);
    }
    return 0;
}
