// Follows imports depth first. The chain of open files shows the path of a cycle.
#include "site/load.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/ranges.h>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "site/standard_input.h"
#include "source/yaml_entries.h"

namespace tunec {
namespace {

// More than any site that people write. A larger file was named by mistake.
constexpr std::size_t max_tune_bytes = std::size_t{16} << 20;
constexpr std::size_t max_depth = 200;  // imports
constexpr std::size_t max_yaml_bytes = std::size_t{64} << 20;
constexpr std::size_t worth_cutting = std::size_t{32} << 10;  // a file of facts into its entries

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash + 1));
}

// "a/../b.tune" and "./b.tune" are both the file "b.tune".
std::string tidy(const std::string& path) {
  std::vector<std::string_view> parts;
  const bool absolute = path.starts_with('/');
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = std::string_view(path).substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else {
      parts.push_back(part);
    }
  }
  return (absolute ? "/" : "") + fmt::format("{}", fmt::join(parts, "/"));
}

class Loader {
 public:
  Loader(const FileSystem& files, Sources& sources, Reporter& reporter)
      : files_(files), sources_(sources), reporter_(reporter) {}

  void load(const std::string& path, Span asked_at) {
    const std::string same = tidy(path);
    if (const auto open = std::ranges::find(open_, same); open != open_.end()) {
      std::vector<std::string> chain(open, open_.end());
      chain.push_back(same);
      reporter_.report(asked_at, diag::import_cycle, path, fmt::format("{}", fmt::join(chain, " → ")));
      return;
    }
    if (!seen_.insert(same).second) return;
    if (open_.size() == max_depth) {
      loaded.incomplete = true;
      reporter_.report(asked_at, diag::cannot_read, path,
                       fmt::format("it is nested in more than {} imports", max_depth));
      return;
    }
    if (path.ends_with(".tune") || (path == standard_input && open_.empty())) {
      load_tune(path, asked_at);
    } else if (path.ends_with(".yaml") || path.ends_with(".yml")) {
      load_yaml(path, asked_at);
    } else if (path.ends_with(".ini")) {
      if (auto file = read(path, asked_at, max_yaml_bytes))
        read_ini_inventory(*file, sources_, loaded.inventory, reporter_);
    } else {
      loaded.incomplete = true;
      // That a file is missing matters more than its kind
      const auto file = files_.read(path, 0);
      const auto* error = std::get_if<ReadError>(&file);
      if (error != nullptr && error->reason == no_such_file) read(path, asked_at, 0);
      else reporter_.report(asked_at, diag::unknown_file_kind, path);
    }
  }

  LoadedFiles loaded;

 private:
  std::optional<FileId> read(const std::string& path, Span asked_at, std::size_t limit) {
    const bool incomplete = std::exchange(loaded.incomplete, true);  // until everything was read
    auto result = files_.read(path, limit);
    if (const auto* error = std::get_if<ReadError>(&result)) {
      Draft draft = reporter_.report(asked_at, diag::cannot_read, path, error->reason);
      if (const auto near = error->reason == no_such_file ? neighbour(path) : std::nullopt)
        draft.did_you_mean(*near, folder_of(path));
      return std::nullopt;
    }
    loaded.main_read = true;  // files are read in order, the main file first
    std::string text = std::get<std::string>(std::move(result));
    if (const auto bad = first_bad_utf8(text)) {
      const auto byte = static_cast<unsigned>(static_cast<unsigned char>(text[*bad]));
      const Span where = asked_at == nowhere ? Span{sources_.add(path, ""), 0, 0} : asked_at;
      const auto line = static_cast<std::size_t>(std::count(
                            text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*bad), '\n')) +
                        1;
      reporter_.report(where, diag::bad_utf8, path, byte, line);
      return std::nullopt;
    }
    loaded.incomplete = incomplete;
    return sources_.add(path == standard_input ? "<stdin>" : path, std::move(text));
  }

  // A file with nearly this name, beside the missing one.
  std::optional<Near> neighbour(const std::string& path) const {
    const std::string folder = folder_of(path);
    const std::vector<std::string> names = files_.list(folder);
    return nearest(std::string_view(path).substr(folder.size()),
                   std::vector<std::string_view>(names.begin(), names.end()));
  }

  void load_tune(const std::string& path, Span asked_at) {
    const auto file = read(path, asked_at, max_tune_bytes);
    if (!file) return;
    loaded.trees.push_back(std::make_unique<const SyntaxTree>(parse(*file, sources_, reporter_)));
    const SyntaxTree& tree = *loaded.trees.back();
    open_.push_back(tidy(path));
    for (const ast::Declaration& declaration : tree.root.declarations) {
      if (const auto* import = std::get_if<ast::Import>(&declaration.node)) {
        if (import->path.empty()) {  // a mistake of syntax, reported already
          loaded.incomplete = true;
          continue;
        }
        const bool absolute = import->path.starts_with('/');
        load(tidy(absolute ? import->path : folder_of(path) + import->path), import->path_span);
      }
    }
    open_.pop_back();
  }

  void load_yaml(const std::string& path, Span asked_at) {
    const auto file = read(path, asked_at, max_yaml_bytes);
    if (!file || (sources_.text(*file).size() >= worth_cutting && read_entries(*file))) return;
    const yaml::Document document = yaml::parse(*file, sources_);
    if (document.error) {
      loaded.incomplete = true;
      reporter_.report(document.error->where, diag::bad_yaml, document.error->reason);
    } else if (holds_records(*document.root)) {
      std::ranges::move(read_params(*document.root, reporter_), std::back_inserter(loaded.params));
    } else if (looks_like_inventory(*document.root)) {
      read_inventory(*document.root, loaded.inventory, reporter_);
    } else {
      read_facts_file(*document.root);
    }
  }

  // An inventory may have a group of that name, which is a map.
  static bool holds_records(const yaml::Node& root) {
    const yaml::NodePtr records = root.find("records");
    return records && records->kind != yaml::Node::Kind::map;
  }

  void read_facts_file(const yaml::Node& root) {
    if (root.kind == yaml::Node::Kind::null) return;
    const yaml::NodePtr hosts = root.find("hosts");
    if (!hosts || hosts->kind == yaml::Node::Kind::scalar || hosts->kind == yaml::Node::Kind::sequence) {
      reporter_.report(hosts ? hosts->span : root.span, diag::bad_facts,
                       "a file of facts is a map `hosts:` of names to facts");
      return;
    }
    report_other_keys(root);
    RawFactsOfYaml trees;
    for (const auto& [name, value] : hosts->entries)
      loaded.facts.push_back({name->scalar, name->span, trees.of(value), {}});
  }

  // Reads a big file of facts entry by entry. False if it is none, or if it has to be read as a whole.
  bool read_entries(FileId file) {
    auto entries = yaml::find_entries(file, sources_, "hosts");
    if (!entries || !yaml::is_worth_cutting(*entries, sources_.text(file).size())) return false;
    std::vector<RawFactsPtr> trees(entries->all.size());
    const bool sound = yaml::read_entries(*entries, sources_, [&](const std::vector<yaml::ReadEntry>& piece) {
      RawFactsOfYaml of_piece;
      for (const auto& [place, value] : piece) trees[place] = of_piece.of(value);
    });
    if (!sound || holds_records(*entries->rest)) return false;
    report_other_keys(*entries->rest);
    for (const yaml::Entry& entry : entries->all)
      loaded.facts.push_back({entry.key, entry.where, trees[entry.first], entries->shift(entry)});
    return true;
  }

  // Keys that begin with a dot may hold anchors.
  void report_other_keys(const yaml::Node& root) {
    for (const auto& [key, value] : root.entries) {
      if (key->scalar != "hosts" && !key->scalar.starts_with('.'))
        reporter_.report(key->span, diag::unknown_fact, key->scalar)
            .help("a file of facts holds `hosts:` only; keys that begin with a dot may hold anchors");
    }
  }

  const FileSystem& files_;
  Sources& sources_;
  Reporter& reporter_;
  std::set<std::string> seen_;
  std::vector<std::string> open_;
};

}  // namespace

LoadedFiles load_files(const std::string& main_file, const FileSystem& files, Sources& sources,
                       Reporter& reporter) {
  Loader loader(files, sources, reporter);
  loader.load(main_file, nowhere);
  return std::move(loader.loaded);
}

std::unique_ptr<const SyntaxTree> parse_text(std::string name, std::string text, bool shipped,
                                             Sources& sources, Reporter& reporter) {
  const FileId file = sources.add(std::move(name), std::move(text), shipped);
  return std::make_unique<const SyntaxTree>(parse(file, sources, reporter));
}

}  // namespace tunec
