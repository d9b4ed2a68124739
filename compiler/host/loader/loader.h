// The boot loader of this machine, as far as a trial needs it: an entry that it boots at most once, and that
// is no part of its own configuration. The calls come in this order:
//
//   check, stage, put, arm             apply --trial; arming is the last step
//   disarm, remove                     the trial ended
//   why_not_booted                     the machine booted something else
//   booted_from_now_on                 after a commit
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "host/generations.h"
#include "host/plan.h"

namespace tunec::host {

// What boots, but for what a trial adds.
struct BootEntry {
  std::string version;             // of the kernel: "6.1.0-9-amd64"
  std::vector<std::string> words;  // of the kernel's command line
  std::string initrd;              // the file that holds modules, as the loader names it; empty: it has none
};

struct TrialEntry {
  int number = 0;                  // of the generation
  std::vector<std::string> words;  // that its command line has beside the entry's own
  std::string initrd;              // the name of its own; empty: the entry's
};

class BootLoader {
 public:
  BootLoader(const Machine& machine, LoaderPlace place)
      : machine_(machine), files_(machine.root), place_(std::move(place)) {}
  virtual ~BootLoader() = default;
  BootLoader(const BootLoader&) = delete;
  BootLoader& operator=(const BootLoader&) = delete;
  const LoaderPlace& place() const { return place_; }

  // Whether its own configuration would take a file, and whether a command makes it take them.
  virtual bool takes(std::string_view path) const = 0;
  virtual bool makes_entries(const std::string& command) const = 0;

  virtual const char* maker() const = 0;                  // the program that does
  virtual std::vector<const char*> programs() const = 0;  // that it needs
  // Throws Refused if what booted this machine is of a kind that a trial cannot be made of.
  virtual void check_kind() const = 0;
  // Throws Refused if it cannot boot something once here.
  virtual void check(const Plan& plan) const = 0;
  virtual off_t initrd_size() const = 0;  // of the largest that a trial's own may become like

  // The entry that it would boot with the staged files of a generation. Throws Failed.
  virtual BootEntry stage(const std::string& directory, const std::vector<GenerationFile>& staged) = 0;
  // Makes the entry of the trial. It does not boot yet.
  virtual void put(const TrialEntry& trial) = 0;

  // Both return when the loader will read what they wrote, and throw Failed if it would not.
  virtual void arm() = 0;
  virtual void disarm() = 0;
  // Why nothing of it can be read or written now; an empty text: it can.
  virtual std::string absent() const = 0;
  virtual void remove() = 0;                       // what put() made
  virtual std::string why_not_booted() const = 0;  // an empty text: it was, but not to its end

  virtual std::optional<BootEntry> booted_from_now_on() const = 0;
  virtual std::string entry_name() const = 0;  // of it, for messages
  virtual std::string directory() const = 0;   // below the root, where its entries are
  void settle() const;                         // Failed

 protected:
  const Machine& machine_;
  const Files files_;
  LoaderPlace place_;
};

// The one that booted this machine, as it says itself; else GRUB. The machine must outlive it.
std::unique_ptr<BootLoader> loader_of(const Machine& machine);
// The one that a trial was made for.
std::unique_ptr<BootLoader> loader_at(const Machine& machine, const LoaderPlace& place);

}  // namespace tunec::host
