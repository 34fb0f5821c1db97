#pragma once

#include "tests/protocol/call_stage.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace carillon::test {

/// Facts of a video call with these members; an upper case letter is a moderator, `!` before a
/// letter makes an admin.
inline video_facts facts_with(std::string_view members) {
  video_facts facts;
  facts.call_id = "standup";
  for (std::size_t i = 0; i < members.size(); ++i) {
    auto admin = members[i] == '!';
    auto letter = members[admin ? ++i : i];
    auto moderator = letter >= 'A' && letter <= 'Z';
    auto lower = static_cast<char>(moderator ? letter - 'A' + 'a' : letter);
    facts.members.push_back({user_of({&lower, 1}), admin       ? "admin"
                                                   : moderator ? "moderator"
                                                               : "user"});
  }
  return facts;
}

/// A video call that Alice creates over REST.
class video_line : public call_stage {
public:
  explicit video_line(std::initializer_list<std::string_view> devices,
                      video_facts facts = facts_with("bc"), call_settings settings = {})
    : call_stage(call_kind::video, settings)
    , facts_(std::make_shared<const video_facts>(std::move(facts))) {
    for (auto device : devices)
      attach(device);
    hush();
  }

  // -- commands; each returns "ok" or the error's word -------------------------

  std::string create(std::string_view who = "alice") {
    std::vector<user_view> people{view_of(user_of(who))};
    for (const auto& member : facts_->members)
      people.push_back(view_of(member.user));
    return run(command::create{by(who), id, facts_, std::move(people)});
  }
  std::string enter(std::string_view who, bool as_admin = false) {
    return run(command::enter_call{by(who), id, view_of(user_of(who)), as_admin});
  }
  std::string leave(std::string_view who, bool as_admin = false) {
    return run(command::leave{by(who), id, as_admin});
  }
  std::string set(std::string_view who, call_status status, bool as_admin = false) {
    return run(command::set_status{by(who), id, status, as_admin});
  }
  std::string accept(std::string_view who, bool as_admin = false) {
    return run(command::answer_invitation{by(who), id, true, as_admin});
  }
  std::string decline(std::string_view who, bool as_admin = false) {
    return run(command::answer_invitation{by(who), id, false, as_admin});
  }
  std::string kick(std::string_view who, std::string_view whom, bool as_admin = false) {
    return run(command::kick{by(who), id, user_of(whom), as_admin});
  }
  std::string report_quality(std::string_view who) {
    return run(command::report_quality{by(who), id, {}});
  }

  // -- what came of it ----------------------------------------------------------

  [[nodiscard]] const participant& person(std::string_view who) const {
    return *record().find(user_of(who));
  }

  /// Who is in, each with the device that the leg has.
  [[nodiscard]] std::string in() const {
    std::string all;
    for (const auto& one : record().people)
      if (one.in())
        all += (all.empty() ? "" : " ") + (one.device.empty() ? one.user.str() : one.device.str());
    return all;
  }

  const call_id id = video_call_id("standup");

private:
  static origin by(std::string_view who) { return from(who, call_kind::video); }

  video_facts_ptr facts_;
};

} // namespace carillon::test
