#include "persistence/video_writes.hpp"

#include "protocol/uuid.hpp"

namespace carillon::persistence {

namespace {

// Made once, at random. Never to change: ids in the store are made of it.
constexpr std::string_view tokens = "5b0a8e6d-1f43-4c2b-9d7e-3fa0c6b81d25";

// More than a call can ever have.
constexpr std::int64_t most_people = 1 << 20;

} // namespace

std::int64_t place_of(const call_record& call, std::size_t index) noexcept {
  return std::int64_t{call.version} * most_people + static_cast<std::int64_t>(index);
}

std::optional<std::int64_t> stored_duration(const call_record& call) noexcept {
  if (!call.started_at || !call.ended_at)
    return std::nullopt;
  return call.duration_s;
}

std::optional<std::int64_t> stored_duration(const participant& one) noexcept {
  if (!one.left_at && one.present.count() == 0)
    return std::nullopt;
  return std::chrono::floor<seconds>(one.present).count();
}

bool tells_awake(const call_record& call) noexcept { return !call.ended_at && !call.at_rest(); }

bool took_part(const participant& one) noexcept { return one.joined_at.has_value(); }

bool was_invited(const participant& one) noexcept { return one.invited != invitation::none; }

std::string token_row_id(const user_id& user) { return uuid_of(tokens, user.str()); }

} // namespace carillon::persistence
