#pragma once

#include "config/setting.hpp"

#include <span>

namespace carillon::config {

/// The table itself; everyone but `setting.cpp` goes through `all_settings()`.
[[nodiscard]] std::span<const setting> setting_table() noexcept;

} // namespace carillon::config
