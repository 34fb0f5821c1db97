#include "persistence/sqlite_video_tables.hpp"

#include "persistence/op_check.hpp"
#include "persistence/recording_change.hpp"
#include "persistence/sqlite_video_statements.hpp"
#include "persistence/video_lists.hpp"
#include "persistence/video_writes.hpp"

#include <algorithm>

namespace carillon::persistence::sqlite_tables {

namespace {

std::int64_t flag(bool value) { return value ? 1 : 0; }

std::int64_t ms(time_point t) { return to_epoch_ms(storable_time(t)); }

std::optional<std::int64_t> ms(const std::optional<time_point>& t) {
  if (!t)
    return std::nullopt;
  return to_epoch_ms(*t);
}

void put_missing_user(sqlite_session& db, const user_id& user, time_point at) {
  db.query(sqlite_sql::put_missing_user()).add(user.str()).add(to_epoch_ms(at)).run();
}

bool put_call(sqlite_session& db, const call_record& call) {
  const auto& part = call.video();
  const auto& facts = *part.facts;
  const auto members = members_text(facts.members);
  auto q = db.query(sqlite_sql::put_video_call());
  // An empty text is none.
  const auto text = [&](const std::string& what) {
    if (what.empty())
      q.add(std::optional<std::int64_t>{});
    else
      q.add(what);
  };
  q.add(call.id.str()).add(facts.call_id).add(to_string(facts.type)).add(call.caller.str());
  text(facts.name);
  q.add(to_string(call.status)).add(stored_duration(call));
  text(facts.event_id);
  q.add(std::int64_t{facts.seats}).add(flag(facts.recording)).add(flag(facts.sharing));
  q.add(facts.settings).add(members);
  q.add(stored_word(call.reason)).add(call.ended_by.str()).add(std::int64_t{call.version});
  q.add(flag(tells_awake(call))).add(ms(call.started_at)).add(ms(call.ended_at));
  for (const auto t : {call.created_at, part.updated_at, part.invited_until})
    q.add(to_epoch_ms(t));
  return q.add(ms(call.ring_deadline)).add(ms(call.call_deadline)).run() > 0;
}

void put_person(sqlite_session& db, const call_record& call, std::size_t index) {
  const auto& one = call.people[index];
  const auto id = participation_id(call.id, one.user);
  auto q = db.query(sqlite_sql::put_video_person());
  q.add(id).add(call.id.str()).add(one.user.str()).add(to_string(one.role));
  q.add(stored_duration(one)).add(place_of(call, index)).add(std::int64_t{one.present.count()});
  q.add(one.device.str()).add(flag(one.dropped)).add(std::int64_t{one.version});
  q.add(ms(one.joined_at)).add(ms(one.left_at)).add(ms(one.joined_at));
  q.add(to_epoch_ms(call.video().updated_at)).add(ms(one.entered_at)).add(ms(one.lease_until));
  q.run();
}

void put_invitation(sqlite_session& db, const call_record& call, const participant& one) {
  const auto id = invitation_id(call.id, one.user);
  auto q = db.query(sqlite_sql::put_video_invitation());
  q.add(id).add(call.id.str()).add(call.caller.str()).add(one.user.str());
  q.add(to_string(one.invited)).add(std::int64_t{one.version}).add(to_epoch_ms(call.created_at));
  q.add(ms(one.responded_at)).add(to_epoch_ms(call.video().invited_until));
  q.add(to_epoch_ms(call.created_at)).add(to_epoch_ms(call.video().updated_at)).run();
}

} // namespace

bool put_video_call(sqlite_session& db, const call_record& call) {
  put_missing_user(db, call.caller, call.created_at);
  if (!put_call(db, call))
    return false; // of its people none is newer, either
  for (std::size_t index = 0; index < call.people.size(); ++index) {
    const auto& one = call.people[index];
    if (took_part(one) || was_invited(one))
      put_missing_user(db, one.user, call.created_at);
    if (took_part(one))
      put_person(db, call, index);
    if (was_invited(one))
      put_invitation(db, call, one);
  }
  return true;
}

bool put_recording(sqlite_session& db, const recording_news& news) {
  const auto& what = news.what;
  if (!db.query(sqlite_sql::find_video_call()).add(what.call.str()).step())
    return false;
  if (db.query(sqlite_sql::put_webhook()).add(news.webhook).add(ms(what.updated_at)).run() == 0)
    return false;
  db.query(sqlite_sql::drop_webhooks()).add(ms(what.updated_at - webhook_memory)).run();
  const auto change = change_by(news, recordings(db, what.call));
  const auto row = recording_row_id(change.id);
  if (!change.renames.empty())
    db.query(sqlite_sql::rename_recording())
        .add(what.call.str())
        .add(change.renames)
        .add(change.id)
        .add(row)
        .run();
  if (change.what == recording_change::kind::nothing)
    return true;
  const bool is_new = change.what == recording_change::kind::insert;
  auto q = db.query(is_new ? sqlite_sql::insert_recording() : sqlite_sql::update_recording());
  q.add(what.call.str()).add(change.id).add(to_string(what.status)).add(what.url);
  q.add(what.file_bytes).add(what.duration_s).add(ms(what.updated_at));
  if (is_new)
    q.add(row).add(ms(what.created_at));
  q.run();
  return true;
}

bool put_token(sqlite_session& db, const stored_token& token) {
  put_missing_user(db, token.user, token.updated_at);
  const auto id = token_row_id(token.user);
  auto q = db.query(sqlite_sql::put_token());
  q.add(id).add(token.user.str()).add(token.sealed);
  return q.add(to_epoch_ms(token.expires_at)).add(to_epoch_ms(token.updated_at)).run() > 0;
}

std::optional<call_record> load_video_call(sqlite_session& db, const call_id& id) {
  auto q = db.query(sqlite_sql::load_video_call());
  q.add(id.str());
  video_reader reader{video_rows::whole};
  while (q.step())
    reader.add(q);
  return reader.take_one();
}

std::vector<call_record> awake_video_calls(sqlite_session& db) {
  auto q = db.query(sqlite_sql::awake_video_calls());
  video_reader reader{video_rows::whole};
  while (q.step())
    reader.add(q);
  return reader.take();
}

video_record_page video_history(sqlite_session& db, const query::video_history& what) {
  auto q = db.query(sqlite_sql::video_history());
  q.add(what.user.str()).add(std::int64_t{std::max(what.limit, 0)});
  q.add(std::int64_t{std::max(what.offset, 0)});
  video_reader reader{video_rows::listed};
  while (q.step())
    reader.add(q);
  return reader.take();
}

video_record_page active_video_calls(sqlite_session& db, const user_id& user) {
  auto q = db.query(sqlite_sql::active_video_calls());
  q.add(user.str());
  video_reader reader{video_rows::listed};
  while (q.step())
    reader.add(q);
  return reader.take();
}

std::vector<video_invitation> video_invitations(sqlite_session& db,
                                                const query::video_invitations& what) {
  const bool pending = what.status == to_string(invitation::pending);
  auto q = db.query(pending ? sqlite_sql::pending_video_invitations()
                            : sqlite_sql::video_invitations(what.status.has_value()));
  q.add(what.user.str()).add(ms(what.now));
  if (what.status && !pending)
    q.add(*what.status);
  std::vector<video_invitation> all;
  while (q.step()) {
    if (auto one = read_invitation(q))
      all.push_back(std::move(*one));
  }
  return all;
}

std::vector<recording> recordings(sqlite_session& db, const call_id& call) {
  auto q = db.query(sqlite_sql::recordings());
  q.add(call.str());
  std::vector<recording> all;
  while (q.step()) {
    if (auto one = read_recording(q))
      all.push_back(std::move(*one));
  }
  return all;
}

video_stats stats_of_video(sqlite_session& db, const user_id& user) {
  auto q = db.query(sqlite_sql::video_stats());
  q.add(user.str());
  video_stats stats;
  std::int64_t with_duration = 0;
  while (q.step())
    add_stats(q, stats, with_duration);
  return stats;
}

std::optional<stored_token> token_of(sqlite_session& db, const user_id& user) {
  auto q = db.query(sqlite_sql::token_of());
  if (!q.add(user.str()).step())
    return std::nullopt;
  return read_token(q);
}

std::size_t erase_video_calls(sqlite_session& db, time_point before, std::size_t limit) {
  return db.query(sqlite_sql::erase_video_calls())
      .add(to_epoch_ms(storable_time(before)))
      .add(static_cast<std::int64_t>(limit))
      .run();
}

} // namespace carillon::persistence::sqlite_tables
