// A generation is what one `apply` does to a host, with all that it takes to do it again and to undo it:
// every file of the tree with its state before and after, the kernel's values before and after, the commands.
// It is on the disk before the first of them is changed, below var/lib/tunec/generations/:
//
//   7/record      JSON: paths, modes, owners; directories that are made, commands
//   7/before/3    what the fourth file contained, unless it was absent or stays
//   7/after/3     what it contains now, unless it was removed
//   7/manifest    the tree's manifest, as it was
//   7/values      JSON: the kernel's values, written just before the first of them is
//   7/phase       "applying 2", "applied", "undoing 2", "undone"; the number: commands that were begun
//   7/running     JSON: what ran just before its trial was armed
//   7/verdict     what was found of its trial boot
//   7/base        it cannot be taken back any more, and only says which files are tunec's
//   7/due         until when somebody may confirm it: seconds since that boot
//
// A trial has other phases: "preparing" until it is armed, "trying" until its boot was found good,
// "committing" until it is "applied"; "cancelling" until it is "undone".
//
// The phase is the journal. Every action gives a file or a value one of its two states, whatever it has, so
// an interrupted generation is finished or undone by going through all of its actions again.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/files.h"
#include "host/tree.h"

namespace tunec::host {

inline constexpr std::size_t generations_kept = 5;  // of the applied ones, and of those that were taken back

enum class Phase { applying, applied, undoing, undone, preparing, trying, committing, cancelling };
const char* phase_name(Phase phase);
constexpr bool is_trial(Phase phase) { return phase >= Phase::preparing; }

struct GenerationFile {
  std::string path;
  State before, after;  // `before` has its content only if the file is changed
  bool changed = false;
};

struct LiveValue {
  std::string name, path, before, wanted;
  std::string got;          // what was read after it was written
  bool is_rounded = false;  // the kernel took it, and shows `got` for it
};

std::string text_of(const std::vector<LiveValue>& values);  // JSON
std::vector<LiveValue> values_of(const std::string& text);  // Refused if it is none
// What an apply read after it had written a setting, if the kernel still shows it; null: it did not.
const LiveValue* made_of(const std::vector<LiveValue>& values, const Setting& setting,
                         const std::string& shown);

// What a trial must find again.
struct Running {
  bool has_libvirt = false;                // it answers
  std::vector<std::string> guests, units;  // that a boot starts by itself
};

// The boot loader that a trial was made for.
struct LoaderPlace {
  std::string name, folder;  // where its partition is mounted, below the root
  std::string entry;         // that booted before the trial; empty: it does not matter
};

struct Trial {
  // Files that the boot loader's own configuration would take. They are among Generation::files once the
  // trial is being committed.
  std::vector<GenerationFile> staged;
  std::vector<std::string> commit;         // commands that make it what boots from then on
  int confirm_within = 0;                  // seconds for somebody outside; 0: nobody is waited for
  std::string initrd;                      // of its own, below the root; empty: the one that is there
  std::vector<std::string> failed_before;  // units, and checks of what the host needs for itself
  std::vector<std::string> directories;    // that are made for its own units
  LoaderPlace loader;
  Running before;  // that it is armed
  long due = 0;    // while it waits for a confirmation: until the machine has been up for so many seconds
  // While it is on trial: not empty if its boot was found good, and somebody has to confirm. Then: why it was
  // not committed.
  std::string verdict;
};

struct Generation {
  int number = 0;
  Phase phase = Phase::applying;
  std::size_t begun = 0;  // commands
  std::string boot_id;    // of the boot that it was made in; empty: of an image
  bool staged = false;    // files only: everything else counts from the next boot
  bool is_base = false;   // what was before is not kept any more
  std::string applied_at;
  Manifest manifest;
  std::vector<GenerationFile> files;
  std::vector<std::string> directories, commands;
  std::size_t restarts = 0;  // the last of the commands: services that start with the new files and values
  std::vector<Step> left;    // to the operator
  std::vector<LiveValue> values;
  std::optional<Trial> trial;
};

class Generations {
 public:
  explicit Generations(const Machine& machine) : files_(machine.root) {}
  // While the descriptor is open, no other tunec-host changes this machine. Refused if another does, unless
  // it is waited for.
  Fd lock(bool wait = false);
  bool is_locked() const;            // whether another tunec-host works; false without the right to look
  std::vector<int> numbers() const;  // rising
  std::string directory(int number) const;  // below the root
  Generation load(int number) const;
  std::map<int, Phase> phases() const;
  std::optional<int> current() const;      // the last that is applied, or on trial
  std::optional<int> interrupted() const;  // that is neither applied, on trial nor undone
  std::optional<int> on_trial() const;     // whatever its phase
  // Gives it the next number.
  void create(Generation& generation);
  void set_phase(Generation& generation, Phase phase, std::size_t begun) const;
  void save_values(const Generation& generation) const;
  void save_running(Generation& generation, Running running) const;
  void save_verdict(Generation& generation, std::string verdict) const;
  void save_due(Generation& generation, long due) const;
  // Of a tree that changes nothing on the machine, and asks for other checks of it.
  void set_manifest(int number, const std::string& text) const;
  // Forgets what was before all but the last ones that are applied, and all but the last ones that were
  // undone. Returns the applied ones. The newest of those stays as the base, for its files are still in place
  // once all others were taken back.
  std::vector<int> drop_old() const;

 private:
  Files files_;
};

// Refused if one was interrupted, and if one is on trial. For whoever only looks: Busy if one is being
// applied.
void refuse_unfinished(const Generations& generations);
void refuse_interrupted(const Generations& generations);
void refuse_on_trial(const Generations& generations);

}  // namespace tunec::host
