#pragma once

#include "tests/protocol/call_stage.hpp"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace carillon::test {

/// What a client wants to send; what is not said stays.
struct media {
  std::optional<bool> video{};
  std::optional<bool> audio{};
  std::optional<bool> sharing{};
};

/// A session that Alice opens over REST; `names` are whom she names.
class session_line : public call_stage {
public:
  explicit session_line(std::initializer_list<std::string_view> devices,
                        std::string_view names = "bc", session_facts facts = {},
                        call_settings settings = {})
    : call_stage(call_kind::session, settings)
    , names_(names)
    , facts_(std::make_shared<const session_facts>(std::move(facts))) {
    for (auto device : devices)
      attach(device);
    hush();
  }

  // -- commands; each returns "ok" or the error's word -------------------------

  std::string open() {
    std::vector<user_view> people{view_of(user_of("a"))};
    for (auto name : names_)
      people.push_back(view_of(user_of({&name, 1})));
    return run(command::open{from("alice", call_kind::session), id, facts_, std::move(people)});
  }
  std::string ask(std::string_view who) { return run(command::ask_to_join{by(who), id}); }
  std::string join(std::string_view who, std::string peer_id = {}) {
    return run(command::join{by(who), id, std::move(peer_id)});
  }
  std::string leave(std::string_view who) { return run(command::leave{by(who), id}); }
  std::string end(std::string_view who, bool as_admin = false) {
    return run(command::end{by(who), id, as_admin});
  }
  std::string set(std::string_view who, media what) {
    return run(command::set_media{by(who), id, what.video, what.audio, what.sharing});
  }
  /// `to`: a device, or a user's name.
  std::string relay(std::string_view who, std::string_view to, std::string payload,
                    relay_kind kind = relay_kind::offer) {
    auto target = by(to);
    return run(command::relay{by(who), id, target.device.empty() ? target.user : user_id{}, kind,
                              std::move(payload), target.device});
  }
  std::string report_quality(std::string_view who, quality_sample sample = {}) {
    return run(command::report_quality{by(who), id, std::move(sample)});
  }

  // -- what came of it ----------------------------------------------------------

  [[nodiscard]] const participant& person(std::string_view who) const {
    return *record().find(user_of(who));
  }

  /// The devices that have legs now.
  [[nodiscard]] std::string in() const {
    std::string all;
    for (const auto& one : record().people)
      if (one.in())
        all += (all.empty() ? "" : " ") + one.device.str();
    return all;
  }

  const call_id id{"call_1700000000000_abcdefghi"};

private:
  static origin by(std::string_view who) { return from(who, call_kind::session); }

  std::string names_;
  session_facts_ptr facts_;
};

} // namespace carillon::test
