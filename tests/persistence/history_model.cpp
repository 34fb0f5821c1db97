#include "tests/persistence/history_model.hpp"

#include "persistence/postgres_store.hpp"
#include "persistence/sqlite_store.hpp"

#include <algorithm>

namespace carillon::persistence::test {

void history_model::apply(const write_op& op) {
  if (const auto* call = std::get_if<call_record>(&op)) {
    const auto [stored, is_new] = calls_.try_emplace(call->id.str(), *call);
    if (!is_new && call->version > stored->second.version)
      stored->second = *call;
  } else if (const auto* hide = std::get_if<hide_op>(&op)) {
    const auto known = calls_.find(hide->call.str());
    if (known != calls_.end() && known->second.has(hide->user))
      hidden_.emplace(hide->user.str(), hide->call.str());
  }
}

void history_model::erase(time_point before) {
  std::erase_if(calls_, [&](const auto& entry) {
    const auto& [id, call] = entry;
    const bool gone = call.ended_at
                      && (call.created_at < before
                          || (hidden(call.caller, id) && hidden(call.direct().receiver, id)));
    if (gone) {
      hidden_.erase({call.caller.str(), id});
      hidden_.erase({call.direct().receiver.str(), id});
    }
    return gone;
  });
}

record_page history_model::page(const query::history& what) const {
  std::vector<call_record> all;
  for (const auto& [id, call] : calls_) {
    if (call.has(what.user) && !hidden(what.user, id)
        && (!what.type || call.direct().type == *what.type)
        && (!what.missed_only || (call.direct().missed && call.direct().receiver == what.user)))
      all.push_back(call);
  }
  std::sort(all.begin(), all.end(), [](const auto& x, const auto& y) {
    return std::pair{x.created_at, x.id} > std::pair{y.created_at, y.id};
  });
  const auto begin = std::min(static_cast<std::size_t>(what.skip), all.size());
  const auto end = std::min(begin + static_cast<std::size_t>(what.limit), all.size());
  record_page page;
  page.has_more = end < all.size();
  page.calls.assign(all.begin() + static_cast<std::ptrdiff_t>(begin),
                    all.begin() + static_cast<std::ptrdiff_t>(end));
  return page;
}

call_record call_traffic::fresh(int span) {
  static const std::vector<std::string> users{"a", "b", "c"};
  const auto caller = static_cast<std::size_t>(below(3));
  const auto receiver = (caller + 1 + static_cast<std::size_t>(below(2))) % 3;
  // Few milliseconds for many calls: equal times, and ids that are not in the order of time.
  auto call = ringing("c" + std::to_string(below(1'000)) + "-" + std::to_string(next_++),
                      users[caller], users[receiver], below(span));
  call.direct().type = below(3) == 0 ? media_type::audio : media_type::video;
  return call;
}

call_record call_traffic::later(call_record call) {
  const auto version = call.version + 1 + static_cast<std::uint32_t>(below(2));
  if (!call.ended_at)
    call = below(2) == 0 ? missed(call) : completed(call);
  else if (below(8) == 0)
    call.direct().missed =
        !call.direct().missed; // no server does that; the counts must be right even so
  call.version = version;
  return call;
}

std::vector<write_op> call_traffic::batch(int ops, int span) {
  std::vector<write_op> batch;
  while (batch.size() < static_cast<std::size_t>(ops)) {
    const int dice = below(10);
    if (dice < 4 || made_.empty()) {
      made_.push_back(fresh(span));
      if (below(4) == 0)
        made_.back() = later(made_.back()); // its first version never came
      batch.emplace_back(made_.back());
      continue;
    }
    auto& call = made_[static_cast<std::size_t>(below(static_cast<int>(made_.size())))];
    if (dice < 8) {
      call = later(call);
      batch.emplace_back(call);
    } else if (dice == 8) {
      auto old = call;
      old.version -= std::min<std::uint32_t>(old.version, static_cast<std::uint32_t>(below(3)));
      old.direct().missed = !old.direct().missed;
      batch.emplace_back(old.version < call.version ? old : call);
    } else {
      batch.emplace_back(hide_op{below(2) == 0 ? call.caller : call.direct().receiver, call.id});
    }
  }
  return batch;
}

query::history call_traffic::question() {
  static const std::vector<std::string> users{"a", "b", "c"};
  auto what = page_of(users[static_cast<std::size_t>(below(3))], 1 + below(12), below(120));
  what.missed_only = below(3) == 0;
  if (below(2) == 0)
    what.type = below(2) == 0 ? media_type::video : media_type::audio;
  if (what.missed_only || what.type)
    what.skip /= 3;
  return what;
}

std::shared_ptr<store_factory> stores_of(const sqlite_database& database,
                                         const history_shape& shape) {
  return sqlite_stores(database.file(), store_patience, shape);
}

std::shared_ptr<store_factory> stores_of(const postgres_database& database,
                                         const history_shape& shape) {
  return postgres_stores(database.url(), store_patience, shape);
}

std::string wrong_blocks() {
  // Each entry belongs to the first block that ends with it or after it.
  return "WITH entries AS (SELECT caller_id AS user_id, created_at, id,"
         " CASE WHEN call_type = 'video' THEN 1 ELSE 0 END AS class"
         " FROM direct_calls WHERE NOT caller_hidden"
         " UNION ALL SELECT receiver_id, created_at, id,"
         " CASE WHEN call_type = 'video' THEN 1 ELSE 0 END + CASE WHEN missed THEN 2 ELSE 0 END"
         " FROM direct_calls WHERE NOT receiver_hidden),"
         " bounds AS (SELECT b.*, lag(last_at) OVER w AS from_at, lag(last_id) OVER w AS from_id"
         " FROM history_blocks AS b WINDOW w AS (PARTITION BY user_id ORDER BY last_at, last_id)),"
         " counts AS (SELECT b.user_id, b.last_at, b.last_id, b.n0, b.n1, b.n2, b.n3,"
         " count(*) FILTER (WHERE e.class = 0) AS c0, count(*) FILTER (WHERE e.class = 1) AS c1,"
         " count(*) FILTER (WHERE e.class = 2) AS c2, count(*) FILTER (WHERE e.class = 3) AS c3"
         " FROM bounds AS b LEFT JOIN entries AS e ON e.user_id = b.user_id"
         " AND (e.created_at, e.id) <= (b.last_at, b.last_id)"
         " AND (b.from_at IS NULL OR (e.created_at, e.id) > (b.from_at, b.from_id))"
         " GROUP BY b.user_id, b.last_at, b.last_id, b.n0, b.n1, b.n2, b.n3)"
         " SELECT count(*) FROM counts WHERE n0 <> c0 OR n1 <> c1 OR n2 <> c2 OR n3 <> c3";
}

} // namespace carillon::persistence::test
