// The key `ordinary` of a record: the value of a limit that a host has by itself.
#pragma once

#include "catalogue/param.h"
#include "catalogue/record.h"

namespace tunec {

void read_ordinary(Record& record, ParamInfo& param);

// In the unit of the parameter; nothing if this host's value is unknown.
std::optional<Value> ordinary_value(const ParamInfo& param, const std::optional<Version>& kernel,
                                    const std::optional<Version>& systemd, std::string_view os,
                                    std::int64_t memory);

}  // namespace tunec
