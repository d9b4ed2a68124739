// What a change does to a fleet: two sides go in, a Review comes out. Each difference stands here once with
// all hosts that have it; nothing is left out. How much of it is shown is for driver/present/review to
// decide.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "review/consequences.h"
#include "review/effect_kinds.h"
#include "review/pool_totals.h"
#include "review/side.h"

namespace tunec {

enum class Cause {
  source,     // the statement itself, or an inclusion that led to it
  constant,   // the statement is as it was; a `let` that it reads is not
  platform,   // what the host runs
  facts,      // what the host is
  labels,     // its rack, its groups, another host
  elsewhere,  // a file differs although no setting of the host does: a peer's key, another carrier
};
std::string_view cause_name(Cause cause);

// Who wrote a line; empty where nobody knows.
struct LineAuthor {
  std::string commit, name, summary;
};

struct Change {
  std::string name;        // of the parameter, with instances
  std::string was, is;     // what a machine has, as `tunec why` prints it: "60 (default)", "not set"
  std::string delta;       // of lists and CPU sets: what came and went; may be empty
  std::string collection;  // "pool(gold)", if all that it has came or went with this; may be empty
  std::string carriers;    // "boot → module", where another surface writes it now
  bool added = false, removed = false;  // only one side sets it
  bool is_felt = true;                  // false: the machine has the same value as before
  bool is_number = false;               // of `let … default`: policies read it, and no machine has it
  bool is_file = false;                 // `name` is a file: see Cause::elsewhere
  bool is_of_site = false;              // it stands in the site's files, and no host is touched
  bool is_secret = false;               // the values are hidden
  std::size_t effect = 0;               // of EffectKinds
  std::string effect_why;
  Cause cause = Cause::source;
  std::string because;                    // of constants: "let pages"
  std::string place_before, place_after;  // "kvm.tune:12", the user's line; empty where it is not set
  LineAuthor author;                      // of place_after, where a review of revisions asked for it
  std::string risk;                       // why the new value is a risk that the old was not; may be empty
  std::vector<std::string> hosts;         // by their names after; sorted
};

struct RenamedHost {
  std::string before, after;
};

struct Review {
  std::string site;             // its name after
  std::size_t hosts = 0;        // on both sides
  std::vector<Change> changes;  // by name, then hosts
  std::vector<RenamedHost> renamed;
  std::vector<std::string> added, removed;
  std::vector<PoolTotal> pools;            // that promise more or less than before
  std::vector<std::string> changed_files;  // sources of the site that differ, by name
  std::size_t hosts_with_other_facts = 0;
  // For each kind of effect, the hosts whose strongest change is of that kind; sorted
  std::vector<std::vector<std::string>> hosts_by_effect;
  Consequences consequences;

  bool is_empty() const;  // no host is touched, and nothing else happens either
};

// From the changes: hosts_by_effect. For a review from which some were taken out.
void count_hosts(Review& review, const EffectKinds& kinds);

Review review_of(const Side& before, const Side& after, const EffectKinds& kinds);

}  // namespace tunec
