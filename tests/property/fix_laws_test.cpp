// Laws of `tunec fix`: of a made-up site with one mistake that has a certain fix, it makes a site without
// that mistake; what it wrote it leaves alone; and it never makes more of a mistake.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/fix_sites.h"
#include "support/checked_site.h"
#include "support/site_generator.h"

namespace tunec::test {
namespace {

std::vector<SiteOptions> main_file() {
  SiteOptions options;
  options.main_file = "main.tune";
  options.today = Date{2026, 11, 30};
  return {options};
}

// The files as `fix` leaves them.
MemoryFileSystem with_changes(MemoryFileSystem files, const FixedSites& fixed) {
  for (const auto& [name, text] : fixed.files) files.files[name] = text.after;
  return files;
}

std::size_t errors(const FixedSites& fixed) { return fixed.sites.front()->reporter.errors(); }

std::string all_of(const Compilation& c) {
  std::string text;
  for (const Diagnostic& diagnostic : c.reporter.sorted())
    text += fmt::format("{}: {} {}\n", c.sources.place(diagnostic.where), diagnostic.info->code,
                        diagnostic.message);
  return text;
}

void keeps_what_it_wrote(const MemoryFileSystem& files, const FixedSites& fixed) {
  const FixedSites again = fix_sites(main_file(), with_changes(files, fixed));
  RC_LOG() << "after:\n" << with_changes(files, fixed).files["main.tune"] << all_of(*again.sites.front());
  RC_ASSERT(again.files.empty());
  RC_ASSERT(again.changes.empty());
  RC_ASSERT(errors(again) == errors(fixed));
}

// One line for a host of its own, as a person writes it and as it should be.
struct Slip {
  std::string wrong, right;
};

std::string pick(const std::vector<std::string>& texts) { return *rc::gen::elementOf(texts); }

// A letter less, twice, or in the place of its neighbour; not at the beginning.
std::string misspelt(std::string name, std::size_t from) {
  const auto at = *rc::gen::inRange(from + 1, name.size() - 1);
  switch (*rc::gen::inRange(0, 3)) {
    case 0: name.erase(at, 1); break;
    case 1: name.insert(at, 1, name[at]); break;
    default: std::swap(name[at], name[at + 1]); break;
  }
  return name;
}

Slip any_slip() {
  static const std::vector<std::string> names = {"vm.swappiness", "vm.dirty_background_ratio",
                                                 "kernel.panic_on_oops", "net.ipv4.ip_forward"};
  switch (*rc::gen::inRange(0, 5)) {
    case 0: {
      const std::string name = pick(names);
      return {fmt::format("sysctl.{} = 1", misspelt(name, name.rfind('.'))),
              fmt::format("sysctl.{} = 1", name)};
    }
    case 1: {
      const std::string path = pick({"/var/core/%p", "|/bin/false", "/var/crash/core.%e"});
      return {fmt::format("sysctl.kernel.core_pattern = {}", path),
              fmt::format("sysctl.kernel.core_pattern = \"{}\"", path)};
    }
    case 2: {
      const std::string unit = pick({"M", "Mi", "mib", "MIB"});
      return {fmt::format("sysctl.net.core.rmem_max = 16{}", unit), "sysctl.net.core.rmem_max = 16MiB"};
    }
    case 3: {
      const std::string between = pick({" ", ", ", ","});
      return {fmt::format("sysctl.net.ipv4.tcp_rmem = 4096{0}131072{0}16777216", between),
              "sysctl.net.ipv4.tcp_rmem = [4096, 131072, 16777216]"};
    }
    default: {
      const int first = *rc::gen::inRange(1, 3), last = *rc::gen::inRange(4, 6);
      return {fmt::format("irqaffinity = {}-{}", first, last),
              fmt::format("irqaffinity = {}..{}", first, last)};
    }
  }
}

TEST(FixLaws, ASlipOfTheFingersIsMendedAndNothingElseIsChanged) {
  check_often({60, 4}, [] {
    const SiteModel site = *any_site_model();
    Slip slip = any_slip();
    if (slip.right.starts_with("irqaffinity")) {
      slip.right.insert(0, "boot.");
      slip.wrong.insert(0, "boot.");
    }
    const std::string host =
        "host of-one-slip {{\n  facts {{ os = \"debian 12\"  memory = 8GiB  cpu {{ vendor = intel  cores = 8 "
        "}} }}\n"
        "  {}\n}}\n";
    MemoryFileSystem right = site.files(), wrong = right;
    wrong.files["main.tune"] += fmt::format(fmt::runtime(host), slip.wrong);
    right.files["main.tune"] += fmt::format(fmt::runtime(host), slip.right);
    const auto good = compile_in_memory(right);
    RC_PRE(!good.compilation->reporter.has_errors());
    const FixedSites fixed = fix_sites(main_file(), wrong);
    RC_LOG() << slip.wrong << "\n" << all_of(*fixed.sites.front());
    RC_ASSERT(errors(fixed) == 0U);
    // Other certain fixes may be of warnings that the site has by itself
    const FixedSites same = fix_sites(main_file(), right);
    RC_ASSERT(with_changes(wrong, fixed).files == with_changes(right, same).files);
    keeps_what_it_wrote(wrong, fixed);
  });
}

TEST(FixLaws, ASiteWithoutErrorsStaysWithoutErrors) {
  check_often({30, 8}, [] {
    const MemoryFileSystem files = (*any_site_model()).files();
    RC_PRE(!compile_in_memory(files).compilation->reporter.has_errors());
    const FixedSites fixed = fix_sites(main_file(), files);
    RC_ASSERT(errors(fixed) == 0U);
    keeps_what_it_wrote(files, fixed);
  });
}

// Of any text: letters are taken out of a site, put into it or swapped.
TEST(FixLaws, NoTextGetsMoreErrorsByFixes) {
  check_often({40, 8}, [] {
    MemoryFileSystem files = (*any_site_model()).files();
    std::string& text = files.files["main.tune"];
    for (int slips = *rc::gen::inRange(1, 4); slips > 0; --slips) {
      const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
      switch (*rc::gen::inRange(0, 3)) {
        case 0: text.erase(at, 1); break;
        case 1: text.insert(at, pick({"=", "\"", " ", "-", ";", "//", "{", "'", "x", ":"})); break;
        default: std::swap(text[at], text[(at + 1) % text.size()]); break;
      }
    }
    RC_PRE(!first_bad_utf8(text));
    const FixedSites fixed = fix_sites(main_file(), files);
    RC_ASSERT(ill_manners(fixed.sites.front()->reporter, fixed.sites.front()->sources) == "");
    keeps_what_it_wrote(files, fixed);
  });
}

}  // namespace
}  // namespace tunec::test
