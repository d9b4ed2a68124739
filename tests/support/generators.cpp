// The generators favour the values where code fails: neighbours, the ends of the range, few distinct numbers.
#include "support/generators.h"

#include <algorithm>
#include <limits>

namespace tunec::gen {

rc::Gen<std::set<int>> cpus() {
  return rc::gen::exec([] {
    std::set<int> all;
    const int highest = *rc::gen::element(8, 70, CpuSet::max_cpu);
    const int runs = *rc::gen::inRange(0, 6);
    for (int run = 0; run < runs; ++run) {
      const int first = *rc::gen::inRange(0, highest + 1);
      const int last = std::min(highest, first + *rc::gen::inRange(0, 5));
      for (int cpu = first; cpu <= last; ++cpu) all.insert(cpu);
    }
    return all;
  });
}

CpuSet set_of(const std::set<int>& cpus) {
  CpuSet set;
  for (const int cpu : cpus) set.insert(cpu, cpu);
  return set;
}

rc::Gen<std::string> version_text() {
  return rc::gen::exec([] {
    std::string text = std::to_string(*rc::gen::inRange(0, 4));
    const int more = *rc::gen::inRange(0, 4);
    for (int part = 0; part < more; ++part) {
      text += *rc::gen::element('.', '.', '-');
      text += std::to_string(*rc::gen::inRange(0, 3));
    }
    return text + *rc::gen::element<std::string>("", "-generic", "-rc1", "+deb12", ".el9");
  });
}

rc::Gen<Value> quantity() {
  return rc::gen::exec([] {
    const std::int64_t scale = *rc::gen::element<std::int64_t>(1, 1000, 1024, 1'000'000, 1 << 20,
                                                               60'000'000'000);
    const std::int64_t limit = std::numeric_limits<std::int64_t>::max() / scale;
    const std::int64_t count = *rc::gen::element<std::int64_t>(0, 1, limit,
                                                               *rc::gen::inRange<std::int64_t>(0, limit));
    const std::int64_t amount = count * scale;
    const Fraction fraction = *Fraction::of(*rc::gen::inRange(0, 100000), *rc::gen::element(1, 8, 100));
    return *rc::gen::element(Value{Bytes{amount}}, Value{Duration{amount}}, Value{Bandwidth{amount}},
                             Value{Percent{fraction}}, Value{Ratio{fraction}});
  });
}

rc::Gen<std::string> text() {
  const auto piece = rc::gen::element<std::string>("a", "Z", "7", " ", "\t", "\n", "\"", "\\", "{", "}", "é",
                                                   "…", "😀", "-", ":", "#", "'", "\x1b", "|");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string all;
                        for (const std::string& fragment : pieces) all += fragment;
                        return all;
                      });
}

}  // namespace tunec::gen
