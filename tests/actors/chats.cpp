#include "tests/actors/chats.hpp"

#include <memory>
#include <utility>

namespace carillon::test {

origin in_chat(char who) { return {user_id{user_of(who)}, {}, call_kind::stream}; }

origin in_chat(const device_ptr& who) {
  return {who->who.user, who->who.device, call_kind::stream};
}

device_ptr chats::connect(const std::string& id) { return w.connect(user_of(id[0]), id); }

void chats::know(std::string_view letters) {
  for (auto letter : letters)
    w.know(user_of(letter));
}

// -- commands ------------------------------------------------------------------

command::send_message chats::says(char who, const call_id& call, std::string text, std::string id) {
  return {in_chat(who), call, std::move(id), std::move(text), {}};
}

result<reply_value> chats::say(char who, const call_id& call, std::string text, std::string id) {
  return w.ask_rest(says(who, call, std::move(text), std::move(id)));
}

result<reply_value> chats::say(const device_ptr& who, const call_id& call, std::string text,
                               std::string id) {
  return w.ask(who, command::send_message{in_chat(who), call, std::move(id), std::move(text), {}});
}

result<reply_value> chats::read(const device_ptr& who, const call_id& call, std::string id) {
  return w.ask(who, command::mark_read{in_chat(who), call, std::move(id)});
}

result<reply_value> chats::open(char who, const std::string& call, std::string_view members) {
  command::open_channel cmd{in_chat(who), call_id{call}, "default", {}};
  for (auto letter : members)
    cmd.members.emplace_back(user_of(letter));
  return w.ask_rest(std::move(cmd));
}

result<reply_value> chats::close(char who, const call_id& call, bool as_admin) {
  return w.ask_rest(command::close_channel{in_chat(who), call, as_admin});
}

call_id chats::gather(char by, std::string_view named) {
  return call_of(w.ask_rest(meeting::gather(by, named))).call.id;
}

// -- what came of it -------------------------------------------------------------

result<reply_value> chats::page(char who, const call_id& call, int limit) {
  return w.read(query::messages{user_id{user_of(who)}, call, limit, {}, {}});
}

std::string chats::told(char who, const call_id& call) {
  auto found = page(who, call, 100);
  if (!found)
    return word_of(found);
  std::string texts;
  for (const auto& message : std::get<message_page>(*found).messages)
    texts += (texts.empty() ? "" : ",") + message.text;
  return texts;
}

std::optional<channel_record> chats::stored(const call_id& call) {
  static_cast<void>(page('a', call)); // behind all that was put
  auto store = w.stores->open();
  REQUIRE(store.ok());
  auto found = (*store)->load_channel(call);
  REQUIRE(found.ok());
  return *found;
}

std::vector<std::string> chats::outbox() {
  std::vector<std::string> all;
  auto store = w.stores->open();
  REQUIRE(store.ok());
  auto found = (*store)->outbox(0, 1000);
  REQUIRE(found.ok());
  for (const auto& entry : *found)
    all.push_back(std::string{to_string(entry.kind)} + " " + entry.lane);
  return all;
}

std::vector<std::uint64_t> chats::positions() {
  std::vector<std::uint64_t> all;
  auto store = w.stores->open();
  REQUIRE(store.ok());
  auto found = (*store)->outbox(0, 1000);
  REQUIRE(found.ok());
  for (const auto& entry : *found)
    all.push_back(entry.position);
  return all;
}

chat_message said(const result<reply_value>& what) {
  REQUIRE(what.ok());
  return *std::get<chat_message_ptr>(*what);
}

std::vector<std::string> heard(const device_ptr& who) {
  std::vector<std::string> all;
  for (const auto& text : who->texts)
    if (text.starts_with("message.new"))
      all.push_back(values_of(text, "text").at(0));
  return all;
}

} // namespace carillon::test
