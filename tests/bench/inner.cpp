// Benchmarks of the inner stages, each by itself, on a site in memory with a given number of hosts. Google
// Benchmark gives profiles a name for each stage. A second size with ten times the hosts shows which stage
// grows faster than the site.
//
//   tunec-inner-bench --help
//
// Only the stages' public functions are called, in the order of compiler/driver/pipeline.cpp.
#include <filesystem>
#include <map>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "driver/pipeline.h"
#include "embedded.h"
#include "format/format.h"
#include "output/manifest.h"
#include "output/tree/writer.h"
#include "plan/platform/boot_state.h"
#include "source/yaml.h"

namespace tunec {
namespace {

constexpr int kinds = 12;
constexpr const char* releases[] = {"ubuntu 24.04", "debian 12", "ubuntu 22.04", "debian 13"};

// Facts as YAML with an alias for each host, and a declaration of each host, so that both readers have work.
MemoryFileSystem site_of(std::size_t hosts) {
  MemoryFileSystem site;
  std::string& facts = site.files["hosts.yaml"];
  std::string& text = site.files["site.tune"];
  facts = ".kinds:\n";
  for (int k = 0; k < kinds; ++k) {
    facts += fmt::format(
        "  - &k{} {{ os: {}, memory: {}GiB, cpu: {{ vendor: {}, cores: {}, threads: 2 }}, disks: [{{ name: "
        "nvme0n1, kind: nvme, size: 1TB }}] }}\n",
        k, releases[k % 4], 32 << (k / 4), k % 2 == 0 ? "intel" : "amd", 8 + k % 5 * 8);
  }
  facts += "hosts:\n";
  text =
      "site bench\nimport \"hosts.yaml\"\nprofile hypervisor {\n  include novacron.balanced\n"
      "  include isolation(cpus: host.cpus - siblings(0..1))\n  qemu { set_process_name = on  max_files = "
      "32768 }\n}\n";
  for (std::size_t i = 0; i < hosts; ++i) {
    facts += fmt::format("  kvm-{:06}: *k{}\n", i, i % kinds);
    text += fmt::format(
        "host kvm-{:06} {{ include hypervisor  wireguard wg0 {{ address = 10.{}.{}.{}/8  private_key_file = "
        "\"/etc/wireguard/wg0.key\" }} }}\n",
        i, 64 + i / 62500, i / 250 % 250, i % 250 + 1);
  }
  return site;
}

// The input of each stage, computed by the stages before it.
struct Made {
  explicit Made(std::size_t hosts)
      : files(site_of(hosts)),
        compilation(compile_site({"site.tune", "", std::nullopt}, files)),
        rendered(render_plan(compilation->plan(), default_backends(), compilation->catalogue.forms(),
                             compilation->sources, compilation->reporter)) {
    if (compilation->reporter.has_errors()) throw std::runtime_error("the site has errors");
  }
  MemoryFileSystem files;
  std::unique_ptr<Compilation> compilation;
  RenderedFleet rendered;
};

const Made& made(const benchmark::State& state) {
  static std::map<std::int64_t, std::unique_ptr<Made>> all;
  auto& site = all[state.range(0)];
  if (!site) site = std::make_unique<Made>(static_cast<std::size_t>(state.range(0)));
  return *site;
}

// A file's text as a source, for the parsers.
struct Source {
  explicit Source(const std::string& text) { file = sources.add("site", text); }
  Sources sources;
  FileId file;
};

void parse_tune(benchmark::State& state) {
  const std::string& text = made(state).files.files.at("site.tune");
  const Source source(text);
  for (auto _ : state) {
    Reporter reporter;
    benchmark::DoNotOptimize(parse(source.file, source.sources, reporter));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

// May take twice as long as parse_tune.
void format_tune(benchmark::State& state) {
  const std::string& text = made(state).files.files.at("site.tune");
  for (auto _ : state) benchmark::DoNotOptimize(format_source(text).text.size());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void parse_yaml(benchmark::State& state) {
  const std::string& text = made(state).files.files.at("hosts.yaml");
  const Source source(text);
  for (auto _ : state) benchmark::DoNotOptimize(yaml::parse(source.file, source.sources));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void load(benchmark::State& state) {
  const Made& site = made(state);
  for (auto _ : state) {
    Sources sources;
    Reporter reporter;
    benchmark::DoNotOptimize(load_files("site.tune", site.files, sources, reporter));
  }
}

void resolve_names(benchmark::State& state) {
  const Made& site = made(state);
  const Compilation& c = *site.compilation;
  for (auto _ : state) {
    state.PauseTiming();
    auto sources = std::make_unique<Sources>();
    auto reporter = std::make_unique<Reporter>();
    LoadedFiles loaded = load_files("site.tune", site.files, *sources, *reporter);
    state.ResumeTiming();
    auto fleet = std::make_unique<Fleet>(
        resolve(std::move(loaded), {c.catalogue, c.library, c.platforms, ""}, *sources, *reporter));
    benchmark::DoNotOptimize(fleet);
    state.PauseTiming();
    fleet.reset();
    reporter.reset();
    sources.reset();
    state.ResumeTiming();
  }
}

void plan(benchmark::State& state) {
  const Compilation& c = *made(state).compilation;
  for (auto _ : state) {
    Reporter reporter;
    benchmark::DoNotOptimize(build_plan(c.fleet, c.fleet.hosts, c.catalogue, c.sources, reporter));
  }
}

using Check = void (*)(const Plan&, const CheckInput&, Reporter&);
void check(benchmark::State& state, Check checked) {
  const Compilation& c = *made(state).compilation;
  for (auto _ : state) {
    Reporter reporter;
    Waivers waivers(c.fleet, std::nullopt);
    const BootState boot_state(c.plan(), c.catalogue, c.boot_order);
    checked(c.plan(), {c.fleet, c.catalogue, c.sources, waivers, boot_state}, reporter);
  }
}

void render_files(benchmark::State& state) {
  const Compilation& c = *made(state).compilation;
  for (auto _ : state) {
    Reporter reporter;
    benchmark::DoNotOptimize(
        render_plan(c.plan(), default_backends(), c.catalogue.forms(), c.sources, reporter));
  }
}

void manifest(benchmark::State& state) {
  const Made& site = made(state);
  for (auto _ : state) {
    Manifests manifests("tunec");
    for (const RenderedHost& host : site.rendered.hosts) benchmark::DoNotOptimize(manifests.manifest(host));
  }
}

// The directory to which tunec-inner-bench writes; removed at its end.
struct Folder {
  Folder() : path((std::filesystem::temp_directory_path() / "tunec-inner-bench.XXXXXX").string()) {
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary directory");
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

void tree_unchanged(benchmark::State& state) {
  static const Folder folder;
  const std::string out = fmt::format("{}/{}", folder.path, state.range(0));
  std::vector<TreeFile> files;
  for (const RenderedHost& host : made(state).rendered.hosts) {
    for (const auto& artifact : host.artifacts)
      files.push_back(
          {fmt::format("{}/{}", host.name, artifact->path), {artifact, &artifact->content}, artifact->mode});
  }
  write_tree(out, files);
  for (auto _ : state) {
    const TreeResult result = write_tree(out, files);
    if (!result.error.empty() || result.written > 0) state.SkipWithError("the tree changed");
  }
}

void ask_policies(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  check_policies(plan, input, reporter);
}

void sizes(benchmark::internal::Benchmark* family) {
  family->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);
}

BENCHMARK(parse_tune)->Apply(sizes);
BENCHMARK(format_tune)->Apply(sizes);
BENCHMARK(parse_yaml)->Apply(sizes);
BENCHMARK(load)->Apply(sizes);
BENCHMARK(resolve_names)->Apply(sizes);
BENCHMARK(plan)->Apply(sizes);
BENCHMARK_CAPTURE(check, availability, check_availability)->Apply(sizes);
BENCHMARK_CAPTURE(check, conflicting_writers, check_conflicting_writers)->Apply(sizes);
BENCHMARK_CAPTURE(check, policies, ask_policies)->Apply(sizes);
BENCHMARK(render_files)->Apply(sizes);
BENCHMARK(manifest)->Apply(sizes);
BENCHMARK(tree_unchanged)->Apply(sizes);

}  // namespace
}  // namespace tunec

BENCHMARK_MAIN();
