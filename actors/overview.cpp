#include "actors/overview.hpp"

#include "actors/call_board.hpp"
#include "actors/context.hpp"
#include "actors/directory.hpp"
#include "actors/pages.hpp"
#include "actors/user_book.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace carillon::actors {

namespace {

/// What a page of a history has at most.
constexpr int longest_page = 100;

card_list::entry entry_of(call_card card, const context& house) {
  card_list::entry made{std::move(card), {}};
  made.names.reserve(made.card.people.size());
  for (const auto& id : made.card.people) {
    auto known = house.users.find(id);
    made.names.push_back(known ? known->display_name() : id.str());
  }
  return made;
}

std::vector<card_list::entry> entries_of(std::vector<call_card> cards, const context& house) {
  std::vector<card_list::entry> made;
  made.reserve(cards.size());
  for (auto& card : cards)
    made.push_back(entry_of(std::move(card), house));
  return made;
}

/// Adds the calls of `records` that are over; how many records there were.
std::size_t take(std::vector<call_card>& to, const std::vector<call_record>& records) {
  for (const auto& record : records)
    if (record.state() == call_state::ended)
      to.push_back(card_of(record));
  return records.size();
}

// Each adds up to `limit` calls of `user`, page by page.

status add_direct(std::vector<call_card>& to, const user_id& user, int limit, record_store& store) {
  query::history ask;
  ask.user = user;
  for (; ask.skip < limit; ask.skip += ask.limit) {
    ask.limit = std::min(limit - ask.skip, longest_page);
    auto page = store.history(ask);
    if (!page)
      return page.error();
    take(to, page->calls);
    if (!page->has_more)
      break;
  }
  return success();
}

status add_sessions(std::vector<call_card>& to, const user_id& user, int limit,
                    record_store& store) {
  query::sessions ask;
  ask.user = user;
  ask.limit = std::min(limit, longest_page);
  for (; ask.skip() < limit; ++ask.page) {
    auto page = store.sessions(ask);
    if (!page)
      return page.error();
    if (take(to, page->calls) < static_cast<std::size_t>(ask.limit))
      break;
  }
  return success();
}

status add_video(std::vector<call_card>& to, const user_id& user, int limit, record_store& store) {
  query::video_history ask{user, std::min(limit, longest_page), 0};
  for (; ask.offset < limit; ask.offset += ask.limit) {
    auto page = store.video_history(ask);
    if (!page)
      return page.error();
    for (auto& record : *page) // a page has no more of its people than who asks
      if (record.find(record.caller) == nullptr) {
        participant creator;
        creator.user = record.caller;
        record.people.insert(record.people.begin(), std::move(creator));
      }
    if (take(to, *page) < static_cast<std::size_t>(ask.limit))
      break;
  }
  return success();
}

} // namespace

std::optional<people_list> known_people(const query::people& what, const context& house) {
  people_list all;
  for (const auto& id : what.ids) {
    auto user = house.users.find(id);
    if (!user)
      return std::nullopt;
    all.users.push_back({user, house.lines.online(id)});
  }
  return all;
}

people_list people_by_book(const query::people& what, const context& house) {
  people_list some;
  for (const auto& id : what.ids)
    if (auto user = house.users.find(id))
      some.users.push_back({user, house.lines.online(id)});
  return some;
}

card_list board_of(const query::calls& what, const context& house) {
  auto seen = house.board.look(static_cast<std::size_t>(std::max(what.limit, 0)));
  return {entries_of(std::move(seen.live), house), entries_of(std::move(seen.ended), house),
          seen.live_in_all};
}

timeline_ptr remembered(const query::timeline_of& what, const context& house) {
  if (auto text = house.board.find(what.call))
    return text;
  return house.board.find(video_call_id(what.call.str()));
}

result<reply_value> load(const query::people& what, record_store& store, const context& house) {
  auto known = resolve_users(store, house.users, what.ids);
  if (!known)
    return known.error();
  people_list all;
  for (const auto& id : what.ids)
    if (auto one = known->find(id); one != known->end())
      all.users.push_back({one->second, house.lines.online(id)});
  return reply_value{std::move(all)};
}

result<reply_value> load(const query::calls& what, record_store& store, const context& house) {
  std::vector<call_card> cards;
  for (auto* add : {add_direct, add_sessions, add_video})
    if (auto added = add(cards, *what.user, what.limit, store); !added)
      return added.error();
  std::sort(cards.begin(), cards.end(), [](const call_card& a, const call_card& b) {
    return a.created_at != b.created_at ? a.created_at > b.created_at : a.call > b.call;
  });
  cards.resize(std::min(cards.size(), static_cast<std::size_t>(what.limit)));
  std::vector<user_id> ids;
  for (const auto& card : cards)
    ids.insert(ids.end(), card.people.begin(), card.people.end());
  // For their names: who is not in the book by now was read into it.
  if (auto known = resolve_users(store, house.users, ids); !known)
    return known.error();
  return reply_value{card_list{{}, entries_of(std::move(cards), house), 0}};
}

result<reply_value> load(const query::timeline_of& what, record_store& store, const context&) {
  for (const auto& id : {what.call, video_call_id(what.call.str())}) {
    auto found = store.load_timeline(id);
    if (!found)
      return found.error();
    if (*found)
      return reply_value{
          timeline_answer{std::make_shared<const timeline_text>(**std::move(found)), false}};
  }
  return failure{error_code::call_not_found, what.call};
}

result<reply_value> load(const query::readiness&, record_store& store, const context&) {
  if (auto answers = store.ping(); !answers)
    return answers.error();
  return reply_value{};
}

} // namespace carillon::actors
