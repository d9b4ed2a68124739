// What expressions learn of the host that they are for.
#include "diagnostics/diag.h"
#include "plan/expr/evaluate.h"

namespace tunec {
namespace {

// The last number in a name: 7 for kvm-07.
std::optional<std::int64_t> number_in(std::string_view name) {
  const std::size_t last = name.find_last_of("0123456789");
  if (last == std::string_view::npos) return std::nullopt;
  std::size_t first = last;
  while (first > 0 && name[first - 1] >= '0' && name[first - 1] <= '9') --first;
  if (last - first >= 18) return std::nullopt;
  return std::stoll(std::string(name.substr(first, last - first + 1)));
}

}  // namespace

Value Evaluator::host_fact(const ast::Path& path, Span span) {
  std::string what;
  for (std::size_t i = 1; i < path.parts.size(); ++i) what += (i > 1 ? "." : "") + path.parts[i].name.text;
  if (what == "name" || what == "groups" || what == "number") {
    used_identity = true;
    if (what == "name") return symbol(std::string(subject_->name));
    if (what == "number") {
      if (const auto number = number_in(subject_->name)) return {*number};
      return poison(span, fmt::format("there is no number in the name `{}`", subject_->name));
    }
    std::vector<Value> groups;
    for (const std::string& group : subject_->groups) groups.push_back(symbol(group));
    return list_of(std::move(groups));
  }
  if (is_label(what)) return host_label(what, span);
  if (view != nullptr && view->host == nullptr) return {Poison{}};  // the binder has reported it
  const std::optional<Value> found = fact(*subject_->facts, what);
  if (!found) return {Poison{}};  // the binder has reported it
  Value value = *found;
  // A policy does not apply to what is not known; a setting cannot be made of it.
  if (value.poisoned() && view == nullptr && asking_ != Asking::for_anything && !subject_->facts->faulty)
    report_unknown_fact(what, span);
  return value;
}

Value Evaluator::host_label(const std::string& name, Span span) {
  used_labels.insert(name);
  if (subject_->labels == nullptr) return {Poison{}};
  Value value = label(*subject_->labels, name);
  if (value.poisoned() && view == nullptr && asking_ == Asking::strictly && !subject_->labels->faulty)
    report_unknown_fact(name, span);
  return value;
}

void Evaluator::report_unknown_fact(const std::string& name, Span span) {
  if (unknown_facts_.insert(name).second)
    labelled(reporter_.report(place(span), diag::fact_not_known, "host." + name, std::string(subject_->name)),
             span)
        .key(name);
}

}  // namespace tunec
