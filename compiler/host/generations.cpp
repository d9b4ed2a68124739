#include "host/generations.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/whole_number.h"
#include "host/record.h"

namespace tunec::host {
namespace {

constexpr const char *home = "var/lib/tunec", *lock_file = "var/lib/tunec/lock";
const std::string store = "var/lib/tunec/generations";

std::string place(int number, std::string_view name) { return fmt::format("{}/{}/{}", store, number, name); }

FileState private_file(std::string content) {
  return {std::move(content), 0600, ::geteuid(), ::getegid(), std::nullopt, ""};
}

// Until the commit, staged files are none of the machine's.
void set_aside(const std::vector<bool>& staged, Generation& generation) {
  if (generation.phase != Phase::preparing && generation.phase != Phase::trying) return;
  std::vector<GenerationFile> files;
  for (std::size_t i = 0; i < staged.size(); ++i)
    (staged[i] ? generation.trial->staged : files).push_back(std::move(generation.files[i]));
  generation.files = std::move(files);
}

std::string phase_text(Phase phase, std::size_t begun) {
  return fmt::format("{} {}\n", phase_name(phase), begun);
}

std::pair<Phase, std::size_t> parse_phase(std::string_view text) {
  for (const Phase phase : {Phase::applying, Phase::applied, Phase::undoing, Phase::undone, Phase::preparing,
                            Phase::trying, Phase::committing, Phase::cancelling}) {
    const std::string_view name = phase_name(phase);
    if (!text.starts_with(name) || text.substr(name.size(), 1) != " ") continue;
    std::size_t begun = 0;
    std::from_chars(text.data() + name.size() + 1, text.data() + text.size(), begun);
    return {phase, begun};
  }
  throw Refused{"is not a phase"};
}

}  // namespace

const char* phase_name(Phase phase) {
  constexpr const char* names[] = {"applying",  "applied", "undoing",    "undone",
                                   "preparing", "trying",  "committing", "cancelling"};
  return names[static_cast<std::size_t>(phase)];
}

const LiveValue* made_of(const std::vector<LiveValue>& values, const Setting& setting,
                         const std::string& shown) {
  const auto found = std::ranges::find_if(values, [&](const LiveValue& value) {
    return value.path == setting.read && value.wanted == setting.expect && value.got == shown;
  });
  return found == values.end() ? nullptr : &*found;
}

Fd Generations::lock(bool wait) {
  for (const char* directory : {"var", "var/lib"}) files_.make_directory(directory, 0755);
  files_.make_directory(home, 0700);
  files_.make_directory(store, 0700);
  Fd fd(::openat(files_.descriptor(), lock_file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (fd.get() < 0) tree_fault_errno(files_.shown(lock_file), errno);
  if (::flock(fd.get(), LOCK_EX | (wait ? 0 : LOCK_NB)) != 0)
    throw Busy{{"another tunec-host is changing this machine: wait until it is done"}};
  return fd;
}

bool Generations::is_locked() const {
  const Fd fd(::openat(files_.descriptor(), lock_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  return fd.get() >= 0 && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::vector<int> Generations::numbers() const {
  std::vector<int> numbers;
  for (const std::string& name : files_.names(store)) {
    if (const auto number = whole_number<int>(name)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

std::string Generations::directory(int number) const { return fmt::format("{}/{}", store, number); }

Generation Generations::load(int number) const {
  Generation generation;
  generation.number = number;
  const auto read = [&](const std::string& name) {
    State state = files_.read(place(number, name));
    if (!state) throw Refused{fmt::format("{}: is missing", files_.shown(place(number, name)))};
    return std::move(state->content);
  };
  std::vector<bool> staged;
  try {
    std::tie(generation.phase, generation.begun) = parse_phase(read("phase"));
    staged = read_record(read("record"), generation);
    if (const State values = files_.read(place(number, "values")))
      generation.values = values_of(values->content);
    const State running = generation.trial ? files_.read(place(number, "running")) : std::nullopt;
    if (running) generation.trial->before = running_of(running->content);
  } catch (const Refused& refused) {
    throw Refused{fmt::format("generation {} cannot be read: {}", number, refused.text)};
  }
  generation.manifest = read_manifest(read("manifest"), files_.shown(place(number, "manifest")));
  generation.is_base = files_.read(place(number, "base")).has_value();
  for (std::size_t i = 0; i < generation.files.size(); ++i) {
    GenerationFile& file = generation.files[i];
    if (generation.is_base) file.before.reset(), file.changed = false;
    if (file.before && file.changed) file.before->content = read(fmt::format("before/{}", i));
    if (file.after) file.after->content = read(fmt::format("after/{}", i));
  }
  if (generation.trial) {
    set_aside(staged, generation);
    if (State verdict = files_.read(place(number, "verdict")))
      generation.trial->verdict = std::move(verdict->content);
    if (const State due = files_.read(place(number, "due")))
      std::from_chars(due->content.data(), due->content.data() + due->content.size(), generation.trial->due);
  }
  struct stat status {};
  const std::string phase = place(number, "phase");
  char time[32] = "";
  std::tm broken{};
  if (::fstatat(files_.descriptor(), phase.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      ::gmtime_r(&status.st_mtim.tv_sec, &broken) != nullptr)
    std::strftime(time, sizeof time, "%Y-%m-%d %H:%M:%SZ", &broken);
  generation.applied_at = time;
  return generation;
}

std::map<int, Phase> Generations::phases() const {
  std::map<int, Phase> phases;
  for (const int number : numbers()) {
    const State text = files_.read(place(number, "phase"));
    if (!text) throw Refused{fmt::format("{}: is missing", files_.shown(place(number, "phase")))};
    phases[number] = parse_phase(text->content).first;
  }
  return phases;
}

std::optional<int> Generations::current() const {
  std::optional<int> current;
  for (const auto& [number, phase] : phases()) {
    if (phase == Phase::applied || phase == Phase::trying) current = number;
  }
  return current;
}

std::optional<int> Generations::interrupted() const {
  for (const auto& [number, phase] : phases()) {
    const bool rests = phase == Phase::applied || phase == Phase::undone || phase == Phase::trying;
    if (!rests) return number;
  }
  return std::nullopt;
}

std::optional<int> Generations::on_trial() const {
  for (const auto& [number, phase] : phases()) {
    if (is_trial(phase)) return number;
  }
  return std::nullopt;
}

void Generations::create(Generation& generation) {
  const std::vector<int> others = numbers();
  generation.number = others.empty() ? 1 : others.back() + 1;
  const std::string draft = store + "/new";
  files_.remove_all(draft);  // of a run that died before it had changed anything
  for (const char* directory : {"", "/before", "/after"}) files_.make_directory(draft + directory, 0700);
  const auto write = [&](const std::string& name, std::string content) {
    files_.set(fmt::format("{}/{}", draft, name), private_file(std::move(content)));
  };
  std::size_t place_of = 0;
  const auto write_states = [&](const std::vector<GenerationFile>& files) {
    for (const GenerationFile& file : files) {
      if (file.before && file.changed) write(fmt::format("before/{}", place_of), file.before->content);
      if (file.after) write(fmt::format("after/{}", place_of), file.after->content);
      ++place_of;
    }
  };
  write_states(generation.files);
  if (generation.trial) write_states(generation.trial->staged);
  write("manifest", generation.manifest.text);
  write("record", record_of(generation));
  generation.phase = generation.trial ? Phase::preparing : Phase::applying;
  write("phase", phase_text(generation.phase, 0));
  files_.rename(draft, fmt::format("{}/{}", store, generation.number));
}

void Generations::set_phase(Generation& generation, Phase phase, std::size_t begun) const {
  files_.set(place(generation.number, "phase"), private_file(phase_text(phase, begun)));
  generation.phase = phase;
  generation.begun = begun;
}

void Generations::save_values(const Generation& generation) const {
  files_.set(place(generation.number, "values"), private_file(text_of(generation.values)));
}

void Generations::save_running(Generation& generation, Running running) const {
  files_.set(place(generation.number, "running"), private_file(text_of(running)));
  generation.trial->before = std::move(running);
}

void Generations::save_verdict(Generation& generation, std::string verdict) const {
  files_.set(place(generation.number, "verdict"), private_file(verdict));
  generation.trial->verdict = std::move(verdict);
}

void Generations::save_due(Generation& generation, long due) const {
  files_.set(place(generation.number, "due"), private_file(fmt::format("{}\n", due)));
  generation.trial->due = due;
}

void Generations::set_manifest(int number, const std::string& text) const {
  files_.set(place(number, "manifest"), private_file(text));
}

std::vector<int> Generations::drop_old() const {
  std::map<Phase, std::size_t> seen;
  std::vector<int> dropped;
  const auto all = phases();
  for (auto entry = all.rbegin(); entry != all.rend(); ++entry) {
    const auto [number, phase] = *entry;
    if (++seen[phase] <= generations_kept) continue;
    const bool becomes_base = phase == Phase::applied && seen[phase] == generations_kept + 1;
    if (becomes_base && files_.read(place(number, "base"))) continue;
    if (becomes_base) {
      files_.set(place(number, "base"), private_file(""));
      files_.remove_all(place(number, "before"));
      dropped.push_back(number);
      continue;
    }
    // No reader finds it half removed.
    const std::string old = store + "/old";
    files_.remove_all(old);
    files_.rename(directory(number), old);
    files_.remove_all(old);
  }
  return dropped;
}

void refuse_interrupted(const Generations& generations) {
  if (const auto number = generations.interrupted())
    throw Refused{fmt::format(
        "generation {} was interrupted: `tunec-host resume` finishes it, `tunec-host rollback` takes it back",
        *number)};
}

void refuse_unfinished(const Generations& generations) {
  if (generations.interrupted() && generations.is_locked())
    throw Busy{{"another tunec-host is changing this machine: wait until it is done"}};
  refuse_interrupted(generations);
}

void refuse_on_trial(const Generations& generations) {
  if (const auto number = generations.on_trial())
    throw Refused{fmt::format(
        "generation {} is on trial: `tunec-host confirm` makes it last, `tunec-host rollback` takes it back",
        *number)};
}

}  // namespace tunec::host
