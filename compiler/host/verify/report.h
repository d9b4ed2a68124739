// Findings as a table for people, and for other programs: JSON, JUnit, the textfile of Prometheus' node
// exporter.
#pragma once

#include <string>
#include <vector>

#include "host/verify/findings.h"

namespace tunec::host {

struct Verified {
  std::string host;
  std::optional<int> generation;  // nothing: of a capture that is compared with a site
  std::vector<Finding> findings;
};

std::string line_of(const Finding& finding);  // with its line end
// "9 of 10 files, values and checks are as wanted".
std::string summary_of(const std::vector<Finding>& findings);
// What is not as wanted, and how much is.
std::string table_of(const Verified& verified);
std::string json_of(const Verified& verified);
std::string junit_of(const std::vector<Verified>& hosts);
// tunec_generation, tunec_drift (findings that are not as wanted, by status) and tunec_trial.
std::string prometheus_of(const Verified& verified, bool trial);

}  // namespace tunec::host
