#include "persistence/postgres_video_tables.hpp"

#include "persistence/op_check.hpp"
#include "persistence/postgres_columns.hpp"
#include "persistence/postgres_video_reads.hpp"
#include "persistence/postgres_video_statements.hpp"
#include "persistence/recording_change.hpp"
#include "persistence/video_lists.hpp"
#include "persistence/video_writes.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

namespace carillon::persistence::postgres_tables {

namespace {

// What stands for no number in a column of them.
constexpr std::int64_t none = -1;

std::string_view view(const std::string& text) { return text; }

std::string ms(time_point t) { return std::to_string(to_epoch_ms(storable_time(t))); }

std::string digits(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : std::string{};
}

// By id: the order in which all servers write.
using users_seen = std::map<std::string_view, time_point>;

void put_missing_users(postgres_access& db, const users_seen& users) {
  postgres_columns<2> columns;
  for (const auto& [id, at] : users)
    columns.add(id, at);
  db.run(postgres_sql::put_missing_users(), columns.take());
}

// Whom the rows of these calls refer to.
users_seen users_of(std::span<const write_op> ops, const std::vector<std::size_t>& which) {
  users_seen users;
  for (auto i : which) {
    const auto& call = std::get<call_record>(ops[i]);
    users.emplace(call.caller.str(), call.created_at);
    for (const auto& one : call.people) {
      if (took_part(one) || was_invited(one))
        users.emplace(one.user.str(), call.created_at);
    }
  }
  return users;
}

postgres_rows put_calls(postgres_access& db, std::span<const write_op> ops,
                        const std::vector<std::size_t>& which) {
  postgres_columns<24> columns;
  for (auto i : which) {
    const auto& c = std::get<call_record>(ops[i]);
    const auto& part = c.video();
    const auto& facts = *part.facts;
    const auto members = members_text(facts.members);
    columns.add(view(c.id.str()), view(facts.call_id), to_string(facts.type), view(c.caller.str()),
                view(facts.name), to_string(c.status), stored_duration(c).value_or(none),
                view(facts.event_id), std::int64_t{facts.seats}, facts.recording, facts.sharing,
                view(facts.settings), view(members), stored_word(c.reason), view(c.ended_by.str()),
                std::int64_t{c.version}, tells_awake(c), c.started_at, c.ended_at, c.created_at,
                part.updated_at, part.invited_until, c.ring_deadline, c.call_deadline);
  }
  return db.run(postgres_sql::put_video_calls(), columns.take());
}

void put_people(postgres_access& db, const std::vector<const call_record*>& calls) {
  postgres_columns<16> columns;
  bool any = false;
  for (const auto* call : calls) {
    for (std::size_t index = 0; index < call->people.size(); ++index) {
      const auto& one = call->people[index];
      if (!took_part(one))
        continue;
      any = true;
      const auto id = participation_id(call->id, one.user);
      columns.add(view(id), view(call->id.str()), view(one.user.str()), to_string(one.role),
                  stored_duration(one).value_or(none), place_of(*call, index),
                  std::int64_t{one.present.count()}, view(one.device.str()), one.dropped,
                  std::int64_t{one.version}, one.joined_at, one.left_at, one.joined_at,
                  call->video().updated_at, one.entered_at, one.lease_until);
    }
  }
  if (any)
    db.run(postgres_sql::put_video_people(), columns.take());
}

void put_invitations(postgres_access& db, const std::vector<const call_record*>& calls) {
  postgres_columns<11> columns;
  bool any = false;
  for (const auto* call : calls) {
    for (const auto& one : call->people) {
      if (!was_invited(one))
        continue;
      any = true;
      const auto id = invitation_id(call->id, one.user);
      columns.add(view(id), view(call->id.str()), view(call->caller.str()), view(one.user.str()),
                  to_string(one.invited), std::int64_t{one.version}, call->created_at,
                  one.responded_at, call->video().invited_until, call->created_at,
                  call->video().updated_at);
    }
  }
  if (any)
    db.run(postgres_sql::put_video_invitations(), columns.take());
}

template <class Reader>
void read_all(const postgres_rows& rows, Reader& reader) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    reader.add(rows[i]);
}

} // namespace

postgres_rows put_video_calls(postgres_access& db, std::span<const write_op> ops,
                              const std::vector<std::size_t>& which) {
  put_missing_users(db, users_of(ops, which));
  auto changed = put_calls(db, ops, which);
  std::unordered_set<std::string_view> ids;
  for (std::size_t i = 0; i < changed.size(); ++i)
    ids.insert(changed[i].text(0));
  std::vector<const call_record*> calls; // of the others nobody is newer
  for (auto i : which) {
    const auto& call = std::get<call_record>(ops[i]);
    if (ids.contains(call.id.str()))
      calls.push_back(&call);
  }
  put_people(db, calls);
  put_invitations(db, calls);
  return changed;
}

bool put_recording(postgres_access& db, const recording_news& news) {
  const auto& what = news.what;
  // One after the other: what there is decides what is done.
  if (!storable_uuid(what.call.str())
      || db.run(postgres_sql::lock_video_call(), std::array{what.call.str()}).size() == 0)
    return false;
  const std::array webhook{news.webhook, ms(what.updated_at)};
  if (db.run(postgres_sql::put_webhook(), webhook).affected() == 0)
    return false;
  db.run(postgres_sql::drop_webhooks(), std::array{ms(what.updated_at - webhook_memory)});
  const auto change = change_by(news, recordings(db, what.call));
  if (!change.renames.empty())
    db.run(postgres_sql::rename_recording(),
           std::array{what.call.str(), change.renames, change.id, recording_row_id(change.id)});
  const std::array values{what.call.str(),
                          change.id,
                          std::string{to_string(what.status)},
                          what.url,
                          digits(what.file_bytes),
                          digits(what.duration_s),
                          ms(what.updated_at),
                          recording_row_id(change.id),
                          ms(what.created_at)};
  if (change.what == recording_change::kind::insert)
    db.run(postgres_sql::insert_recording(), values);
  else if (change.what == recording_change::kind::update)
    db.run(postgres_sql::update_recording(), std::span{values}.first(7));
  return true;
}

postgres_rows put_tokens(postgres_access& db, std::span<const write_op> ops,
                         const std::vector<std::size_t>& which) {
  users_seen users;
  postgres_columns<5> columns;
  for (auto i : which) {
    const auto& t = std::get<stored_token>(ops[i]);
    const auto id = token_row_id(t.user);
    users.emplace(t.user.str(), t.updated_at);
    columns.add(view(id), view(t.user.str()), view(t.sealed), t.expires_at, t.updated_at);
  }
  put_missing_users(db, users);
  return db.run(postgres_sql::put_tokens(), columns.take());
}

std::optional<call_record> load_video_call(postgres_access& db, const call_id& id) {
  if (!storable_uuid(id.str()))
    return std::nullopt;
  video_reader reader{video_rows::whole};
  read_all(db.run(postgres_sql::load_video_call(), std::array{id.str()}), reader);
  return reader.take_one();
}

std::vector<call_record> awake_video_calls(postgres_access& db) {
  video_reader reader{video_rows::whole};
  read_all(db.run(postgres_sql::awake_video_calls(), {}), reader);
  return reader.take();
}

video_record_page video_history(postgres_access& db, const query::video_history& what) {
  const std::array parameters{what.user.str(), std::to_string(std::max(what.limit, 0)),
                              std::to_string(std::max(what.offset, 0))};
  video_reader reader{video_rows::listed};
  read_all(db.run(postgres_sql::video_history(), parameters), reader);
  return reader.take();
}

video_record_page active_video_calls(postgres_access& db, const user_id& user) {
  video_reader reader{video_rows::listed};
  read_all(db.run(postgres_sql::active_video_calls(), std::array{user.str()}), reader);
  return reader.take();
}

std::vector<video_invitation> video_invitations(postgres_access& db,
                                                const query::video_invitations& what) {
  std::vector<std::string> parameters{what.user.str(), ms(what.now)};
  const bool pending = what.status == to_string(invitation::pending);
  if (what.status && !pending)
    parameters.push_back(*what.status);
  const auto rows = db.run(pending ? postgres_sql::pending_video_invitations()
                                   : postgres_sql::video_invitations(what.status.has_value()),
                           parameters);
  std::vector<video_invitation> all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (auto one = read_invitation(rows[i]))
      all.push_back(std::move(*one));
  }
  return all;
}

std::vector<recording> recordings(postgres_access& db, const call_id& call) {
  std::vector<recording> all;
  if (!storable_uuid(call.str()))
    return all;
  const auto rows = db.run(postgres_sql::recordings(), std::array{call.str()});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (auto one = read_recording(rows[i]))
      all.push_back(std::move(*one));
  }
  return all;
}

video_stats stats_of_video(postgres_access& db, const user_id& user) {
  video_stats stats;
  std::int64_t with_duration = 0;
  const auto rows = db.run(postgres_sql::video_stats(), std::array{user.str()});
  for (std::size_t i = 0; i < rows.size(); ++i)
    add_stats(rows[i], stats, with_duration);
  return stats;
}

std::optional<stored_token> token_of(postgres_access& db, const user_id& user) {
  const auto rows = db.run(postgres_sql::token_of(), std::array{user.str()});
  if (rows.size() == 0)
    return std::nullopt;
  return read_token(rows[0]);
}

std::size_t erase_video_calls(postgres_access& db, time_point before, std::size_t limit) {
  return db.run(postgres_sql::erase_video_calls(), std::array{ms(before), std::to_string(limit)})
      .affected();
}

} // namespace carillon::persistence::postgres_tables
