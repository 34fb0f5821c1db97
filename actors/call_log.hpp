#pragma once

#include "protocol/records.hpp"

/// What the log says of every call, whatever its kind.
namespace carillon::actors {

void log_begin(const call_record& record);
void log_active(const call_record& record);
void log_end(const call_record& record);

} // namespace carillon::actors
