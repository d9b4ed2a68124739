// Evaluates one bound setting for one host, and types it for the host's platform. The result is a candidate,
// or the reason why there is none. Mistakes go to the reporter. Unknown facts stay in the trace, for the
// caller to report.
#pragma once

#include "plan/platform/caveats.h"
#include "plan/settle/collect.h"

namespace tunec {

class CandidateMaker {
 public:
  CandidateMaker(const Fleet& fleet, const Catalogue& catalogue, const EvaluatedHost& host,
                 Reporter& reporter)
      : catalogue_(catalogue), host_(host), reporter_(reporter), run_(fleet, reporter) {}

  Made make(const BoundSetting& setting, const VisitedBody& body);
  // The statement of this host's own pattern
  Made make(const PatternSetting& setting, const VisitedBody& body);
  // Evaluates other expressions of the same host in the same run.
  void evaluate_decision(const WalkStep& step) { outcome_of(step, host_, run_); }
  Trace& trace() { return run_.trace; }

 private:
  std::optional<std::string> text_of_instance(const ParamInfo& param, std::size_t number, const Value& value,
                                              Span where);
  bool fits_instance(std::string_view param, std::size_t index, const std::string& text, Span where);
  bool settle(Candidate& candidate, const ast::Expr& written, Span shown_at);
  Made move_or_drop(Candidate candidate, const Unavailable& lack, const ast::Expr& written, Span shown_at);

  const Catalogue& catalogue_;
  const EvaluatedHost& host_;
  Reporter& reporter_;
  Evaluation run_;
};

}  // namespace tunec
