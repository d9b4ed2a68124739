// The texts in the parentheses of a name, `node(0).hugepages(1GiB)`, in the spelling of the key:
// node0/hugepages/hugepages-1048576kB.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalogue/param.h"
#include "catalogue/record.h"

namespace tunec {

// `instances:` of a record: a type for each (), or {type: size, unit: kB, of: node}.
void read_instance_types(Record& record, ParamInfo& param);

// How a name or a value uses modules: the words of `names:` and `instance_names:`.
ModuleUse read_module_use(Record& record, std::string_view key);

// Nothing if the value is not of the type.
std::optional<std::string> instance_text(const InstanceType& type, const Value& value);
std::string described(const InstanceType& type);

}  // namespace tunec
