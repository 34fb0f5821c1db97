#include "tests/actors/meeting.hpp"

namespace carillon::test {

std::string user_of(char letter) {
  for (auto name : {"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan"})
    if (name[0] == letter)
      return name;
  FAIL("no user with the letter " << letter);
  return {};
}

origin in_session(const device_ptr& who) {
  return {who->who.user, who->who.device, call_kind::session};
}

std::string word_of(const result<reply_value>& what) {
  return what ? "ok" : std::string{describe(what.error().code).code};
}

std::vector<std::string> since(const device_ptr& which, std::size_t from) {
  return {which->names.begin() + static_cast<std::ptrdiff_t>(from), which->names.end()};
}

std::vector<std::string> values_of(std::string_view text, std::string_view name) {
  std::vector<std::string> all;
  auto key = '"' + std::string{name} + "\":";
  for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at)) {
    at += key.size();
    auto quoted = text[at] == '"';
    auto begin = at + (quoted ? 1 : 0);
    auto end = quoted ? text.find('"', begin) : text.find_first_of(",}]", begin);
    all.emplace_back(text.substr(begin, end - begin));
  }
  return all;
}

device_ptr meeting::connect(const std::string& id) { return w.connect(user_of(id[0]), id); }

void meeting::know(std::string_view letters) {
  for (auto letter : letters)
    w.know(user_of(letter));
}

// -- commands ------------------------------------------------------------------

command::gather meeting::gather(char by, std::string_view named, session_facts facts) {
  std::vector<user_id> people;
  for (auto letter : named)
    people.emplace_back(user_of(letter));
  facts.seats = facts.seats == session_facts{}.seats ? 0 : facts.seats;
  facts.settings = "{}";
  facts.metadata = R"({"title":"rounds"})";
  return {{user_id{user_of(by)}, {}, call_kind::session}, std::move(people), std::move(facts)};
}

result<reply_value> meeting::try_open(char by, std::string_view named, session_facts facts) {
  return w.ask_rest(gather(by, named, std::move(facts)));
}

call_id meeting::open(char by, std::string_view named, session_facts facts) {
  return call_of(try_open(by, named, std::move(facts))).call.id;
}

result<reply_value> meeting::join(const device_ptr& who, const call_id& id, std::string peer) {
  return w.ask(who, command::join{in_session(who), id, std::move(peer)});
}

result<reply_value> meeting::leave(const device_ptr& who, const call_id& id) {
  return w.ask(who, command::leave{in_session(who), id});
}

result<reply_value> meeting::end(char who, const call_id& id, bool as_admin) {
  return w.ask_rest(command::end{{user_id{user_of(who)}, {}, call_kind::session}, id, as_admin});
}

result<reply_value> meeting::relay(const device_ptr& who, const call_id& id,
                                   const std::string& device, std::string payload) {
  return w.ask(
      who, command::relay{
               in_session(who), id, {}, relay_kind::offer, std::move(payload), device_id{device}});
}

// -- what came of it -------------------------------------------------------------

call_record meeting::record(char who, const call_id& id) {
  command::ask_to_join cmd{{user_id{user_of(who)}, {}, call_kind::session}, id};
  return call_of(w.ask_rest(cmd)).call;
}

session_details meeting::details(char who, const call_id& id) {
  auto found = w.read(query::details{user_id{user_of(who)}, false, id});
  REQUIRE(found.ok());
  return std::get<session_details>(*found);
}

result<reply_value> meeting::sessions(char who) {
  query::sessions what;
  what.user = user_id{user_of(who)};
  return w.read(what);
}

} // namespace carillon::test
