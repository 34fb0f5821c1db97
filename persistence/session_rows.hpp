#pragma once

#include "persistence/rows.hpp"
#include "protocol/quality.hpp"
#include "protocol/records.hpp"
#include "protocol/usage.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the stores' rows of sessions, people and quality have in common. `Row` has `text(i)`,
/// `number(i)`, `real(i)` and `null(i)`.
namespace carillon::persistence {

/// The columns that `session_reader` expects, in their order: one row for each of the people, whose
/// table or alias is `p`; the session is `s`.
[[nodiscard]] std::string session_columns(spell_time times);

/// The columns that `read_summary` expects, of `call_quality`.
[[nodiscard]] std::string summary_columns();

/// The columns that `read_usage` expects, of people `p` and their sessions `s`.
[[nodiscard]] std::string usage_columns();

/// Sets what is stored as a word, and the flags in the settings. False, and logged, for a word that
/// this version does not know.
[[nodiscard]] bool set_words(call_record& call, session_facts& facts, std::string_view type,
                             std::string_view status, std::string_view reason);
[[nodiscard]] bool set_words(participant& who, const call_id& call, std::string_view role,
                             std::string_view invited);

/// The time in a column, or nothing.
template <class Row>
std::optional<time_point> time_in(const Row& row, int column) {
  if (row.null(column))
    return std::nullopt;
  return from_epoch_ms(row.number(column));
}

/// The number in a column, or nothing.
template <class Row>
std::optional<double> real_in(const Row& row, int column) {
  if (row.null(column))
    return std::nullopt;
  return row.real(column);
}

/// Puts sessions together from rows with `session_columns`, all rows of one session in a run, by
/// the position of its people.
class session_reader {
public:
  template <class Row>
  void add(const Row& row) {
    if (row.text(0) != last_) {
      last_ = row.text(0);
      ++seen_;
      auto session = read_session(row);
      readable_ = session.has_value();
      if (session)
        sessions_.push_back(std::move(*session));
    }
    if (!readable_)
      return;
    if (auto one = read_person(row)) {
      sessions_.back().people.push_back(std::move(*one));
    } else {
      sessions_.pop_back();
      readable_ = false;
    }
  }

  /// How many sessions there are in all, when these were all that a page of `limit` after `skip`
  /// found and it tells; else they have to be counted.
  [[nodiscard]] std::optional<std::int64_t> total_after(std::int64_t skip,
                                                        std::int64_t limit) const noexcept {
    const auto found = static_cast<std::int64_t>(seen_);
    if (found < limit && (found > 0 || skip == 0))
      return skip + found;
    return std::nullopt;
  }

  /// Those that are readable, in the order of their rows; the others were logged.
  [[nodiscard]] std::vector<call_record> take() { return std::move(sessions_); }

  /// The only session, if there were rows. Throws `store_error` when it is not readable.
  [[nodiscard]] std::optional<call_record> take_one() {
    if (seen_ == 0)
      return std::nullopt;
    if (sessions_.empty())
      throw store_error(store_error::cause::data, "a stored session is not readable");
    return std::move(sessions_.front());
  }

private:
  // The columns of the session; those of its people follow.
  static constexpr int width = 18;

  template <class Row>
  static std::optional<call_record> read_session(const Row& row) {
    call_record call;
    call.id = call_id{row.text(0)};
    call.caller = user_id{row.text(1)};
    session_facts facts;
    facts.therapy_session = row.text(3);
    facts.seats = static_cast<std::uint32_t>(row.number(4));
    facts.settings = row.text(5);
    facts.metadata = row.text(6);
    if (!set_words(call, facts, row.text(2), row.text(7), row.text(8)))
      return std::nullopt;
    call.version = static_cast<std::uint32_t>(row.number(9));
    call.duration_s = row.number(10);
    call.ended_by = user_id{row.text(11)};
    call.created_at = from_epoch_ms(row.number(12));
    call.part = session_part{std::make_shared<const session_facts>(std::move(facts)),
                             from_epoch_ms(row.number(13))};
    call.started_at = time_in(row, 14);
    call.ended_at = time_in(row, 15);
    call.ring_deadline = time_in(row, 16);
    call.call_deadline = time_in(row, 17);
    return call;
  }

  template <class Row>
  static std::optional<participant> read_person(const Row& row) {
    const auto flag = [&](int column) { return row.number(width + column) != 0; };
    participant who;
    who.user = user_id{row.text(width)};
    if (!set_words(who, call_id{row.text(0)}, row.text(width + 1), row.text(width + 2)))
      return std::nullopt;
    who.device = device_id{row.text(width + 3)};
    who.peer_id = row.text(width + 4);
    who.dropped = flag(5);
    who.media = {flag(6), flag(7), flag(8)};
    who.ever = {flag(9), flag(10), flag(11)};
    who.present = milliseconds{row.number(width + 12)};
    who.version = static_cast<std::uint32_t>(row.number(width + 13));
    who.responded_at = time_in(row, width + 14);
    who.joined_at = time_in(row, width + 15);
    who.entered_at = time_in(row, width + 16);
    who.left_at = time_in(row, width + 17);
    return who;
  }

  std::vector<call_record> sessions_;
  std::string last_;
  std::size_t seen_ = 0;
  bool readable_ = false;
};

/// Adds a row with a user, or NULL for all, and `summary_columns`.
template <class Row>
void read_summary(const Row& row, call_quality& quality) {
  quality_summary means{row.number(1),   real_in(row, 2), real_in(row, 3), real_in(row, 4),
                        real_in(row, 5), real_in(row, 6), real_in(row, 7),
                        real_in(row, 8), real_in(row, 9)};
  if (row.null(0))
    quality.whole = means;
  else
    quality.of_users.emplace_back(user_id{row.text(0)}, means);
}

/// The only row with `usage_columns`.
template <class Row>
void read_usage(const Row& row, usage_report& usage) {
  int column = 0;
  usage.sessions = row.number(column++);
  for (auto* counts : {&usage.by_type, &usage.by_status}) {
    for (auto& one : *counts)
      one = row.number(column++);
  }
  for (auto* one : {&usage.joined, &usage.total_s, &usage.longest_s, &usage.with_video,
                    &usage.with_audio, &usage.with_sharing, &usage.dropped, &usage.never_joined})
    *one = row.number(column++);
}

} // namespace carillon::persistence
