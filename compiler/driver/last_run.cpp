// Numbers are eight bytes as this machine has them, texts their length and their bytes.
#include "driver/last_run.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "model/pattern.h"

namespace tunec {
namespace {

constexpr std::size_t most_always = 200;  // with more of them, little is saved

struct Writer {
  std::string text;
  void number(std::uint64_t number) { text.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void word(std::string_view word) {
    number(word.size());
    text += word;
  }
  template <class Items, class Write>
  void list(const Items& items, const Write& write) {
    number(items.size());
    for (const auto& item : items) write(item);
  }
};

// Once something is missing, all that follows is empty.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  std::uint64_t number() {
    std::uint64_t number = 0;
    const std::string_view bytes = take(sizeof number);
    if (whole_) std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }
  std::string_view word() { return take(number()); }
  template <class Read>
  void list(const Read& read) {
    for (std::uint64_t count = number(); count > 0 && whole_; --count) read();
  }
  bool whole() const { return whole_ && text_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    whole_ = whole_ && size <= text_.size();
    if (!whole_) return {};
    const std::string_view taken = text_.substr(0, size);
    text_.remove_prefix(size);
    return taken;
  }
  std::string_view text_;
  bool whole_ = true;
};

std::string text_of(const KeptRun& run, const std::string& begin) {
  Writer out{begin};
  std::size_t size = run.claims.size() * sizeof(KeptRun::Claim);
  for (const PartedFile& file : run.files) size += file.text.size() + 32 * file.parts.size();
  out.text.reserve(begin.size() + run.record.size() + size + 32 * run.names.size());
  out.word(run.record);
  out.number(run.hosts);
  out.number(run.separable ? 1 : 0);
  const auto word = [&](const std::string& one) { out.word(one); };
  out.word(run.stated);
  out.list(run.names, word);
  out.list(run.always, word);
  out.list(run.files, [&](const PartedFile& file) {
    out.word(file.path);
    out.word(file.text);
    out.list(file.parts, [&](const Part& part) {
      out.number(part.begin);
      out.word(part.host);
    });
  });
  out.list(run.claims, [&](const KeptRun::Claim& claim) {
    out.number(claim.what);
    out.number(claim.host);
  });
  return std::move(out.text);
}

bool read(std::string_view text, KeptRun& run) {
  Reader in(text);
  run.record = in.word();
  run.hosts = in.number();
  run.separable = in.number() == 1;
  run.stated = in.word();
  in.list([&] { run.names.emplace_back(in.word()); });
  in.list([&] { run.always.emplace(in.word()); });
  in.list([&] {
    PartedFile& file = run.files.emplace_back();
    file.path = in.word();
    file.text = in.word();
    in.list([&] {
      const auto begin = static_cast<std::uint32_t>(in.number());
      file.parts.push_back({begin, std::string(in.word())});
    });
  });
  in.list([&] {
    const std::uint64_t what = in.number();
    run.claims.push_back({what, in.number()});
  });
  return in.whole();
}

std::string begin_of(const std::string& options) {
  const Fingerprint program = fingerprint_of_program();
  return fmt::format("{:016x}{:016x} {}\n", program.bits[0], program.bits[1], sha256_hex(options));
}

std::set<std::string> always_there(const Compilation& compilation) {
  std::set<std::string> names = compilation.ties.examples;
  for (const TestDecl& test : compilation.fleet.tests) {
    for (const Host& host : test.hosts) names.insert(host.name);
  }
  std::set<const HostDeclaration*> seen;
  for (const Host& host : compilation.fleet.hosts) {
    for (const HostDeclaration* by : host.by_pattern) {
      if (!has_wildcard(by->syntax->name.text) || seen.insert(by).second) names.insert(host.name);
    }
    for (const HostDeclaration* by : host.by_name) {
      if (has_wildcard(by->syntax->name.text) && seen.insert(by).second) names.insert(host.name);
    }
  }
  if (!compilation.fleet.stated.empty()) names.insert(compilation.fleet.stated);
  std::set<std::string_view> parted;
  for (const PartedFile& file : compilation.parted) {
    for (const Part& part : file.parts) parted.insert(part.host);
  }
  for (const Host& host : compilation.fleet.hosts) {
    if (!parted.contains(host.name)) names.insert(host.name);
  }
  return names;
}

}  // namespace

KeptRun kept_run(const Compilation& compilation, const RenderedFleet& rendered, const std::string& record) {
  KeptRun run;
  run.record = record;
  run.hosts = rendered.hosts.size();
  run.stated = compilation.fleet.stated;
  run.always = always_there(compilation);
  run.separable = run.hosts == compilation.plan().hosts.size() && !compilation.ties.close && !rendered.joined && rendered.site.empty() && rendered.site_steps.empty() && run.always.size() <= most_always;
  if (!run.separable) return run;
  for (const HostPlan& host : compilation.plan().hosts) run.names.push_back(host.name);
  run.files = compilation.parted;
  std::erase_if(run.files, [](const PartedFile& file) { return std::ranges::all_of(file.parts, &std::string::empty, &Part::host); });
  for (const KeptClaim& claim : compilation.ties.claims) {
    run.claims.push_back({claim.what, static_cast<std::uint64_t>(std::ranges::lower_bound(run.names, claim.host) - run.names.begin())});
  }
  std::ranges::sort(run.claims);
  return run;
}

std::unique_ptr<const LastRun> last_run(const std::string& output, const std::string& options) {
  auto inputs = last_inputs(output);
  const std::string begin = begin_of(options);
  if (!inputs || !inputs->text().starts_with(begin)) return nullptr;
  auto last = std::make_unique<LastRun>();
  last->inputs = std::move(*inputs);
  return read(last->inputs.text().substr(begin.size()), last->kept) ? std::move(last) : nullptr;
}

void keep_run(const std::string& output, const Fingerprint& left, const std::string& options, const KeptRun& run) {
  if (left.known() && fingerprint_of_program().known()) keep_inputs(output, left, text_of(run, begin_of(options)));
}

}  // namespace tunec
