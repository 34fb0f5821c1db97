#include "persistence/sqlite_session_tables.hpp"

#include "persistence/op_check.hpp"
#include "persistence/session_rows.hpp"
#include "persistence/sqlite_session_statements.hpp"

#include <algorithm>

namespace carillon::persistence::sqlite_tables {

namespace {

std::int64_t flag(bool value) { return value ? 1 : 0; }

std::optional<std::int64_t> ms(const std::optional<time_point>& t) {
  if (!t)
    return std::nullopt;
  return to_epoch_ms(*t);
}

void put_person(sqlite_session& db, const call_record& session, std::int64_t position,
                const participant& one) {
  auto q = db.query(sqlite_sql::put_person());
  q.add(session.id.str()).add(one.user.str()).add(position);
  q.add(to_string(one.role)).add(to_string(one.invited)).add(flag(one.dropped));
  q.add(one.device.str()).add(one.peer_id);
  for (const auto* media : {&one.media, &one.ever})
    q.add(flag(media->video)).add(flag(media->audio)).add(flag(media->sharing));
  q.add(std::int64_t{one.present.count()}).add(std::int64_t{one.version});
  q.add(to_epoch_ms(session.created_at));
  for (const auto* t : {&one.responded_at, &one.joined_at, &one.entered_at, &one.left_at})
    q.add(ms(*t));
  q.run();
}

void bind_span(sqlite_query& q, const user_id& user, time_point from, time_point to) {
  q.add(user.str()).add(to_epoch_ms(storable_time(from))).add(to_epoch_ms(storable_time(to)));
}

} // namespace

bool put_session(sqlite_session& db, const call_record& session) {
  const auto& facts = *session.session().facts;
  {
    auto q = db.query(sqlite_sql::put_session());
    q.add(session.id.str()).add(session.caller.str()).add(to_string(facts.type));
    q.add(facts.therapy_session).add(std::int64_t{facts.seats});
    q.add(facts.settings).add(facts.metadata);
    q.add(to_string(session.status)).add(stored_word(session.reason));
    q.add(std::int64_t{session.version}).add(session.duration_s).add(session.ended_by.str());
    q.add(to_epoch_ms(session.created_at)).add(to_epoch_ms(session.session().invited_until));
    for (const auto* t :
         {&session.started_at, &session.ended_at, &session.ring_deadline, &session.call_deadline})
      q.add(ms(*t));
    if (q.run() == 0)
      return false; // of its people none is newer, either
  }
  for (std::int64_t position = 0; const auto& one : session.people)
    put_person(db, session, position++, one);
  return true;
}

bool put_sample(sqlite_session& db, const quality_sample& sample) {
  auto q = db.query(sqlite_sql::put_sample());
  q.add(sample.call.str()).add(sample.user.str()).add(to_epoch_ms(sample.at));
  for (const auto* figure :
       {&sample.rtt_ms, &sample.jitter_ms, &sample.packet_loss, &sample.bitrate_kbps,
        &sample.connection_time_ms, &sample.audio_level, &sample.video_fps})
    q.add(*figure);
  return q.add(sample.resolution).add(sample.mos).run() > 0;
}

std::optional<call_record> load_session(sqlite_session& db, const call_id& id) {
  auto q = db.query(sqlite_sql::load_session());
  q.add(id.str());
  session_reader reader;
  while (q.step())
    reader.add(q);
  return reader.take_one();
}

record_page sessions(sqlite_session& db, const query::sessions& what) {
  const std::int64_t limit = std::max(what.limit, 0);
  const auto skip = std::max<std::int64_t>(what.skip(), 0);
  const auto status = what.status ? to_string(*what.status) : std::string_view{};
  session_reader reader;
  auto q = db.query(sqlite_sql::session_page(what.status.has_value()));
  q.add(what.user.str()).add(limit).add(skip);
  if (what.status)
    q.add(status);
  while (q.step())
    reader.add(q);
  record_page page;
  if (const auto total = reader.total_after(skip, limit)) {
    page.total = *total;
  } else {
    auto all = db.query(sqlite_sql::count_sessions(what.status.has_value()));
    all.add(what.user.str());
    if (what.status)
      all.add(status);
    page.total = all.step() ? all.number(0) : 0;
  }
  page.calls = reader.take();
  return page;
}

std::vector<call_record> live_sessions(sqlite_session& db) {
  auto q = db.query(sqlite_sql::live_sessions());
  session_reader reader;
  while (q.step())
    reader.add(q);
  return reader.take();
}

call_quality quality(sqlite_session& db, const call_id& id) {
  auto q = db.query(sqlite_sql::quality());
  q.add(id.str());
  call_quality found;
  while (q.step())
    read_summary(q, found);
  return found;
}

usage_report usage(sqlite_session& db, const user_id& user, time_point from, time_point to) {
  usage_report report;
  report.from = from;
  report.to = to;
  {
    auto q = db.query(sqlite_sql::usage());
    bind_span(q, user, from, to);
    if (q.step())
      read_usage(q, report);
  }
  {
    auto q = db.query(sqlite_sql::usage_by_hour());
    bind_span(q, user, from, to);
    while (q.step())
      report.by_hour.at(static_cast<std::size_t>(q.number(0))) = q.number(1);
  }
  auto q = db.query(sqlite_sql::usage_score());
  bind_span(q, user, from, to);
  if (q.step())
    report.mos = real_in(q, 0);
  return report;
}

std::size_t erase_sessions(sqlite_session& db, time_point before, std::size_t limit) {
  return db.query(sqlite_sql::erase_sessions())
      .add(to_epoch_ms(storable_time(before)))
      .add(static_cast<std::int64_t>(limit))
      .run();
}

} // namespace carillon::persistence::sqlite_tables
