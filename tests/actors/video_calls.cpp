#include "tests/actors/video_calls.hpp"

#include "protocol/video.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace carillon::test {

origin in_video(char who) { return {user_id{user_of(who)}, {}, call_kind::video}; }

origin in_video(const device_ptr& who) {
  return {who->who.user, who->who.device, call_kind::video};
}

device_ptr video_calls::connect(const std::string& id) { return w.connect(user_of(id[0]), id); }

void video_calls::know(std::string_view letters) {
  for (auto letter : letters)
    w.know(user_of(letter));
}

// -- commands ------------------------------------------------------------------

command::create video_calls::creates(char by, std::string_view call, std::string_view members) {
  auto facts = std::make_shared<video_facts>();
  facts->call_id = call;
  facts->settings = "{}";
  for (auto letter : members)
    facts->members.push_back({user_id{user_of(letter)}, "participant"});
  return {in_video(by), video_call_id(call), std::move(facts)};
}

result<reply_value> video_calls::try_create(char by, std::string_view call,
                                            std::string_view members) {
  return w.ask_rest(creates(by, call, members));
}

call_id video_calls::create(char by, std::string_view call, std::string_view members) {
  return call_of(try_create(by, call, members)).call.id;
}

result<reply_value> video_calls::join(char who, const call_id& id) {
  return w.ask_rest(command::enter_call{in_video(who), id});
}

result<reply_value> video_calls::join(const device_ptr& who, const call_id& id) {
  return w.ask(who, command::enter_call{in_video(who), id});
}

result<reply_value> video_calls::leave(char who, const call_id& id) {
  return w.ask_rest(command::leave{in_video(who), id});
}

result<reply_value> video_calls::set_status(char who, const call_id& id, call_status status) {
  return w.ask_rest(command::set_status{in_video(who), id, status});
}

result<reply_value> video_calls::answer(char who, const call_id& id, bool accepts) {
  return w.ask_rest(command::answer_invitation{in_video(who), id, accepts});
}

result<reply_value> video_calls::kick(char who, const call_id& id, char whom) {
  return w.ask_rest(command::kick{in_video(who), id, user_id{user_of(whom)}});
}

// -- what came of it -------------------------------------------------------------

call_record video_calls::stored(const call_id& id) {
  return call_of(w.read(query::video_call{user_id{"an admin"}, true, id})).call;
}

bool video_calls::comes_back(const call_id& id) {
  auto store = w.stores->open();
  REQUIRE(store.ok());
  auto live = (*store)->live_calls();
  REQUIRE(live.ok());
  return std::any_of(live->begin(), live->end(),
                     [&](const call_record& record) { return record.id == id; });
}

} // namespace carillon::test
