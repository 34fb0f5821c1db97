#pragma once

#include "persistence/rows.hpp"
#include "persistence/session_rows.hpp"
#include "protocol/records.hpp"
#include "protocol/video.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// What the stores' rows of video calls, and of what belongs to them, have in common. `Row` has
/// `text(i)`, `number(i)` and `null(i)`.
///
/// The tables are documented, so others may write them, too: a row made of the documented columns
/// alone is a call, and where its columns contradict each other the status decides.
namespace carillon::persistence {

/// How much of a call its rows tell.
enum class video_rows : std::uint8_t {
  whole,  ///< everything, people without rows included
  listed, ///< for lists: without settings and members, and with those people only that have rows
};

/// The columns of a row for `video_reader`: the call's, whose table or alias is `c`, then those of
/// one of its people (of whom the third says when they joined), by where they come from. `itself` is a row without anybody, and the only one
/// with the long texts of the call.
enum class video_person : std::uint8_t {
  itself,
  participant, ///< of alias `p`
  invited,     ///< of alias `i`
};
[[nodiscard]] std::string video_columns(video_person who, spell_time times);

/// Sets what is stored as a word. False, and logged, for a word that this version does not know.
[[nodiscard]] bool set_words(call_record& call, video_facts& facts, std::string_view type,
                             std::string_view status, std::string_view reason);
[[nodiscard]] bool set_video_words(participant& who, const call_id& call, std::string_view role,
                                   std::string_view invited);
[[nodiscard]] bool set_word(recording& what, std::string_view status);

/// Members as the store keeps them, `[{"user_id":…,"role":…}]`, and back; nothing, and logged, for
/// any other text.
[[nodiscard]] std::string members_text(const std::vector<video_member>& members);
[[nodiscard]] std::optional<std::vector<video_member>> read_members(const call_id& call,
                                                                    std::string_view text);

/// Orders the people of a call that were read: its creator, its members, whoever else; the first
/// two have an entry even without a row.
void put_people_in_order(call_record& call);

/// What makes the columns of a call agree with each other.
void settle_times(call_record& call);

/// A time that the documented columns may lack.
template <class Row>
time_point time_or(const Row& row, int column, time_point instead) {
  return time_in(row, column).value_or(instead);
}

/// Puts video calls together from rows with `video_columns`, all rows of one call in a run, the one
/// of the call itself first where there is one.
class video_reader {
public:
  explicit video_reader(video_rows what)
    : what_(what) {}

  template <class Row>
  void add(const Row& row) {
    if (!current_ || row.text(0) != last_) {
      finish();
      last_ = row.text(0);
      ++seen_;
      current_.emplace();
      readable_ = read_call(row);
    }
    if (readable_ && !row.null(width))
      readable_ = read_person(row);
  }

  /// Those that are readable, in the order of their rows; the others were logged.
  [[nodiscard]] std::vector<call_record> take() {
    finish();
    return std::move(calls_);
  }

  /// The only call, if there were rows. Throws `store_error` when it is not readable.
  [[nodiscard]] std::optional<call_record> take_one() {
    finish();
    if (seen_ == 0)
      return std::nullopt;
    if (calls_.empty())
      throw store_error(store_error::cause::data, "a stored video call is not readable");
    return std::move(calls_.front());
  }

private:
  // The columns of the call; those of its people follow.
  static constexpr int width = 23;

  void finish();
  participant& entry_of(const user_id& user);

  template <class Row>
  bool read_call(const Row& row) {
    auto& call = *current_;
    video_facts facts;
    video_part part;
    call.id = call_id{row.text(0)};
    facts.call_id = row.text(1);
    call.caller = user_id{row.text(3)};
    facts.name = row.text(4);
    if (!set_words(call, facts, row.text(2), row.text(5), row.text(17)))
      return false;
    call.started_at = time_in(row, 6);
    call.ended_at = time_in(row, 7);
    call.duration_s = row.null(8) ? 0 : row.number(8);
    call.created_at = time_or(row, 9, {});
    part.updated_at = time_or(row, 10, call.created_at);
    facts.event_id = row.text(11);
    if (!row.null(12))
      facts.seats = static_cast<std::uint32_t>(row.number(12));
    facts.recording = !row.null(13) && row.number(13) != 0;
    facts.sharing = row.null(14) || row.number(14) != 0;
    if (what_ == video_rows::whole) {
      facts.settings = row.text(15);
      auto members = read_members(call.id, row.text(16));
      if (!members)
        return false;
      facts.members = std::move(*members);
    }
    call.ended_by = user_id{row.text(18)};
    call.version = static_cast<std::uint32_t>(row.number(19));
    part.invited_until = time_or(row, 20, {});
    part.facts = std::make_shared<const video_facts>(std::move(facts));
    call.part = std::move(part);
    call.ring_deadline = time_in(row, 21);
    call.call_deadline = time_in(row, 22);
    settle_times(call);
    return true;
  }

  template <class Row>
  bool read_person(const Row& row) {
    auto& one = entry_of(user_id{row.text(width)});
    const auto version = static_cast<std::uint32_t>(row.number(width + 10));
    one.version = std::max(one.version, version);
    if (row.null(width + 1)) { // an invitation
      one.responded_at = time_in(row, width + 12);
      return set_video_words(one, current_->id, to_string(one.role), row.text(width + 11));
    }
    if (!set_video_words(one, current_->id, row.text(width + 1), to_string(one.invited)))
      return false;
    one.joined_at = time_in(row, width + 2);
    one.left_at = time_in(row, width + 3);
    one.entered_at = time_in(row, width + 5);
    if (one.left_at)
      one.entered_at.reset();
    else if (!one.entered_at)
      one.entered_at = one.joined_at;
    one.present = milliseconds{row.number(width + 6)};
    if (one.present.count() == 0 && !row.null(width + 4))
      one.present = seconds{row.number(width + 4)};
    one.device = device_id{row.text(width + 7)};
    if (one.entered_at)
      one.lease_until = time_in(row, width + 8);
    one.dropped = row.number(width + 9) != 0;
    return true;
  }

  video_rows what_;
  std::vector<call_record> calls_;
  std::optional<call_record> current_;
  std::unordered_map<std::string, std::size_t> places_; ///< user → which of the call's people
  std::string last_;
  std::size_t seen_ = 0;
  bool readable_ = false;
};

} // namespace carillon::persistence
