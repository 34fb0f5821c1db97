#include "protocol/dialects/ops.hpp"

#include "protocol/dialects/words.hpp"

#include <algorithm>
#include <utility>

namespace carillon::ops {

namespace {

constexpr std::size_t most_ids = 100;
constexpr int most_calls = 500;

/// The value of the last parameter `name` as it stands in the query string, or nothing.
std::optional<std::string_view> raw_parameter(std::string_view query, std::string_view name) {
  std::optional<std::string_view> found;
  while (!query.empty()) {
    auto parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
    auto equals = std::min(parameter.find('='), parameter.size());
    if (percent_decoded(parameter.substr(0, equals)) == name)
      found = parameter.substr(std::min(equals + 1, parameter.size()));
  }
  return found;
}

void write_card(json::writer& out, const card_list::entry& what) {
  const auto& card = what.card;
  out.begin_object()
      .field("callId", card.call.str())
      .field("kind", to_string(card.kind))
      .field("state", word_of(card.kind, card.state))
      .field("status", to_string(card.status));
  write_text(out, "reason",
             card.reason == end_reason::none ? std::string_view{} : to_string(card.reason));
  out.key("people").begin_array();
  for (std::size_t i = 0; i < card.people.size(); ++i)
    out.begin_object()
        .field("userId", card.people[i].str())
        .field("username", what.names[i])
        .end_object();
  out.end_array();
  write_time(out, "createdAt", card.created_at);
  write_time(out, "startedAt", card.started_at);
  write_time(out, "endedAt", card.ended_at);
  out.field("in", std::int64_t{card.in}).field("away", std::int64_t{card.away}).end_object();
}

void write_cards(json::writer& out, std::string_view name,
                 const std::vector<card_list::entry>& cards) {
  out.key(name).begin_array();
  for (const auto& one : cards)
    write_card(out, one);
  out.end_array();
}

} // namespace

// The commas that part the ids are those that the client wrote as such: an id may have one, too.
result<query::people> decode_people(std::string_view query) {
  query::people out;
  const failure bad{error_code::invalid_query, "ids"};
  auto list = raw_parameter(query, "ids");
  if (!list)
    return bad;
  for (auto rest = *list;; rest.remove_prefix(rest.find(',') + 1)) {
    auto id = percent_decoded(rest.substr(0, rest.find(',')));
    if (!id || !is_id(*id) || out.ids.size() == most_ids)
      return bad;
    out.ids.emplace_back(*std::move(id));
    if (rest.find(',') == std::string_view::npos)
      return out;
  }
}

result<query::calls> decode_calls(std::string_view query) {
  query::calls out;
  auto apply = [&out](std::string_view name, std::string_view value) {
    if (name == "user") {
      out.user = user_id{value};
      return is_id(value);
    }
    if (name == "limit") {
      auto number = number_in(value, 1, most_calls);
      out.limit = number.value_or(1);
      return number.has_value();
    }
    return true;
  };
  if (auto taken = each_parameter(query, apply); !taken)
    return taken.error();
  return out;
}

result<user_id> decode_demo(std::string_view body) {
  auto fields = fields_of(body);
  if (!fields)
    return fields.error();
  auto name = fields->string("user");
  if (!name || !is_id(*name))
    return bad_field({}, "user");
  return user_id{*name};
}

std::string encode_people(const people_list& what) {
  json::writer out;
  out.begin_object().field("success", true).key("data").begin_array();
  for (const auto& one : what.users) {
    out.begin_object();
    write_user_fields(out, one);
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(out).take();
}

std::string encode_calls(const card_list& what) {
  json::writer out;
  out.begin_object().field("success", true).key("data").begin_object();
  write_cards(out, "live", what.live);
  write_cards(out, "ended", what.ended);
  out.field("liveInAll", static_cast<std::int64_t>(what.live_in_all)).end_object().end_object();
  return std::move(out).take();
}

result<std::string> encode_timeline_answer(const timeline_answer& what) {
  auto told = unpack(*what.text);
  if (!told)
    return told.error();
  auto text = encode_timeline(*told);
  std::string_view members{text};
  members.remove_prefix(1); // its brace; there are always members
  std::string out = R"({"success":true,"data":{"live":)";
  out.reserve(out.size() + members.size() + 8);
  out += what.live ? "true," : "false,";
  out += members;
  out += '}';
  return out;
}

} // namespace carillon::ops
