#pragma once

#include "protocol/user_session.hpp"
#include "tests/protocol/call_words.hpp"

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::test {

using namespace std::chrono_literals;

using words = std::vector<std::string>;

/// Alice, Bob, the sessions of both and one call from Alice to Bob, where every message arrives at
/// once: tests read what each device hears. A device's first letter names its user; a user's name
/// stands for that user over REST.
class call_line {
public:
  explicit call_line(std::initializer_list<std::string_view> devices, call_settings settings = {})
    : settings_(settings)
    , machine_(settings) {
    for (auto device : devices)
      attach(device);
    heard_.clear();
  }

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

  /// What `device` heard since the last time that this was asked, in order.
  words heard(std::string_view device) { return std::exchange(heard_[std::string{device}], {}); }

  /// Whether no device heard anything since it was asked.
  [[nodiscard]] bool silent() const {
    for (const auto& [device, what] : heard_)
      if (!what.empty())
        return false;
    return true;
  }

  void hush() { heard_.clear(); }

  // -- commands; each returns "ok" or the error's word -------------------------

  /// Alice calls Bob.
  std::string initiate(std::string_view caller, placement verdict = placement::ring) {
    return run(command::place{from(caller), id, view_of(user_of("a")), view_of(user_of("b")),
                              media_type::video, verdict});
  }
  /// Another initiate between the two while the call lives.
  std::string again(std::string_view who) {
    auto by = from(who);
    auto other = user_of(by.user == user_of("a") ? "b" : "a");
    return run(command::again{by, other});
  }
  std::string accept(std::string_view who) { return run(command::accept{from(who), id}); }
  std::string reject(std::string_view who) { return run(command::reject{from(who), id}); }
  std::string end(std::string_view who) { return run(command::end{from(who), id}); }
  std::string relay(std::string_view who, std::string_view to, std::string payload,
                    relay_kind kind = relay_kind::candidate) {
    return run(command::relay{from(who), id, user_of(to), kind, std::move(payload)});
  }

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
    machine_ =
        call::restore(settings_, record(), view_of(user_of("a")), view_of(user_of("b")), now_);
    sessions_.clear();
    here_.clear();
    heard_.clear();
    known_ = {machine_.record().caller, machine_.record().receiver};
    for (const auto& user : known_)
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

  user_session& session_of(const user_id& user) { return sessions_[user]; }

  std::string run(call_command cmd) {
    carry_out(machine_.apply(std::move(cmd), now_));
    return word(last_.reply);
  }

  const call_id id{"0123456789abcdef01234567"};

private:
  void carry_out(outcome out) {
    if (out.record)
      written_.push_back(*out.record);
    auto lives = machine_.state() != call_state::ended;
    std::vector<user_id> fresh;
    for (const auto& user : {machine_.record().caller, machine_.record().receiver}) {
      if (lives && known_.insert(user).second)
        fresh.push_back(user);
      if (lives)
        session_of(user).update(machine_.summary_for(user));
    }
    for (const auto& [to, what, durable] : out.events)
      for (const auto& device : session_of(to.user).recipients(to, id))
        hear(device, what);
    for (const auto& user : fresh)
      report(user);
    ends_ += out.ended ? 1 : 0;
    if (out.ended)
      for (auto& [user, session] : sessions_)
        session.drop(id);
    last_ = std::move(out);
  }

  /// A session tells the calls that it holds which devices there are.
  void report(const user_id& user) {
    if (known_.contains(user) && machine_.state() != call_state::ended)
      carry_out(machine_.apply(command::presence{user, session_of(user).devices()}, now_));
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
  int ends_ = 0;
};

} // namespace carillon::test
