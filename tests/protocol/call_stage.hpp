#pragma once

#include "protocol/user_session.hpp"
#include "tests/protocol/call_words.hpp"
#include "tests/protocol/chronicle_follower.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::test {

using namespace std::chrono_literals;

using words = std::vector<std::string>;

/// One call of any kind and the sessions of its users, where every message arrives at once: tests
/// read what each device hears. A device's first letter names its user; a user's name stands for
/// that user over REST.
class call_stage {
public:
  call_stage(call_kind kind, call_settings settings)
    : settings_(settings)
    , machine_(settings, kind) {}

  // -- devices ---------------------------------------------------------------

  void attach(std::string_view device) {
    auto& session = session_of(user_of(device));
    auto states = session.attach(device_id{device});
    here_.insert(std::string{device});
    hear(device_id{device}, event::call_states{std::move(states)});
    report(user_of(device));
  }

  void detach(std::string_view device) {
    session_of(user_of(device)).detach(device_id{device});
    here_.erase(std::string{device});
    report(user_of(device));
  }

  /// The device's connection is gone, but it may resume; what it hears until then it hears when it
  /// does.
  void lose(std::string_view device) {
    session_of(user_of(device)).lose(device_id{device});
    report(user_of(device));
  }

  void resume(std::string_view device) {
    session_of(user_of(device)).find_again(device_id{device});
    attach(device);
  }

  /// What `device` heard since the last time that this was asked, in order.
  words heard(std::string_view device) { return std::exchange(heard_[std::string{device}], {}); }

  /// Whether no device heard anything since it was asked.
  [[nodiscard]] bool silent() const {
    return std::all_of(heard_.begin(), heard_.end(),
                       [](const auto& one) { return one.second.empty(); });
  }

  void hush() { heard_.clear(); }

  // -- time --------------------------------------------------------------------

  /// Lets time pass, stopping at each deadline on the way.
  void pass(milliseconds span) {
    auto until = now_ + span;
    while (auto due = machine_.next_deadline()) {
      if (*due > until)
        break;
      now_ = std::max(now_, *due);
      carry_out(machine_.expire(now_));
    }
    now_ = until;
    carry_out(machine_.expire(now_)); // a timer may fire once too often
  }

  /// The server stops, comes back after `away` with what was written, and has no devices yet.
  void restart(milliseconds away = 0ms) {
    now_ += away;
    auto users = record().users();
    std::vector<user_view> views;
    for (const auto& user : users)
      views.push_back(view_of(user));
    machine_ = call::restore(settings_, record(), std::move(views), now_);
    told_.begin(machine_, now_, chronicle::beginning::restored);
    sessions_.clear();
    here_.clear();
    heard_.clear();
    known_ = {users.begin(), users.end()};
    for (const auto& user : users)
      session_of(user).update(machine_.summary_for(user));
    carry_out(machine_.expire(now_));
  }

  // -- what came of it ----------------------------------------------------------

  /// The last record that was to be written.
  [[nodiscard]] const call_record& record() const { return written_.back(); }
  [[nodiscard]] const std::vector<call_record>& written() const noexcept { return written_; }
  [[nodiscard]] const outcome& last() const noexcept { return last_; }
  /// How many steps said that they ended the call.
  [[nodiscard]] int ends() const noexcept { return ends_; }
  [[nodiscard]] time_point now() const noexcept { return now_; }
  [[nodiscard]] call& machine() noexcept { return machine_; }
  /// What the call's timeline says.
  [[nodiscard]] words timeline_words() const { return words_of(told_.so_far()); }
  [[nodiscard]] chronicle_follower& told() noexcept { return told_; }

  user_session& session_of(const user_id& user) { return sessions_[user]; }

  /// Gives the machine a command; returns "ok", the error's word, or "none".
  std::string run(call_command cmd) {
    carry_out(machine_.apply(std::move(cmd), now_));
    return word(last_.reply);
  }

private:
  void carry_out(outcome out) {
    if (out.record)
      written_.push_back(*out.record);
    told_.follow(machine_, out, now_);
    auto lives = machine_.state() != call_state::ended;
    std::vector<user_id> fresh;
    for (const auto& user : machine_.record().users()) {
      if (lives && known_.insert(user).second)
        fresh.push_back(user);
      if (lives)
        session_of(user).update(machine_.summary_for(user));
    }
    for (const auto& [to, what, durable] : out.events)
      for (const auto& device : session_of(to.user).recipients(to, machine_.record().id))
        hear(device, what);
    for (const auto& user : fresh)
      report(user);
    ends_ += out.ended ? 1 : 0;
    if (out.ended)
      for (auto& [user, session] : sessions_)
        session.drop(machine_.record().id);
    last_ = std::move(out);
  }

  /// A session tells the calls that it holds which devices there are.
  void report(const user_id& user) {
    const auto& session = session_of(user);
    if (known_.contains(user) && machine_.state() != call_state::ended)
      carry_out(
          machine_.apply(command::presence{user, session.devices(), session.lost()}, now_));
  }

  void hear(const device_id& device, const call_event& what) {
    if (here_.contains(device.str()))
      heard_[device.str()].push_back(word(what));
  }

  call_settings settings_;
  call machine_;
  time_point now_ = from_epoch_ms(1'700'000'000'000);
  std::map<user_id, user_session> sessions_;
  std::set<user_id> known_; ///< whose session holds the call
  std::set<std::string> here_;
  std::map<std::string, words> heard_;
  std::vector<call_record> written_;
  outcome last_;
  chronicle_follower told_;
  int ends_ = 0;
};

} // namespace carillon::test
