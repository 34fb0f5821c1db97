#include "persistence/postgres_session_tables.hpp"

#include "persistence/op_check.hpp"
#include "persistence/postgres_columns.hpp"
#include "persistence/postgres_session_statements.hpp"
#include "persistence/session_rows.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_set>

namespace carillon::persistence::postgres_tables {

namespace {

std::string_view view(const std::string& text) { return text; }

std::string ms(time_point t) { return std::to_string(to_epoch_ms(storable_time(t))); }

// Writes the people of those sessions that changed: of the others none is newer.
void put_people(postgres_access& db, std::span<const write_op> ops,
                const std::vector<std::size_t>& which, const postgres_rows& changed) {
  std::unordered_set<std::string_view> ids;
  for (std::size_t i = 0; i < changed.size(); ++i)
    ids.insert(changed[i].text(0));
  postgres_columns<21> columns;
  for (auto i : which) {
    const auto& call = std::get<call_record>(ops[i]);
    if (!ids.contains(call.id.str()))
      continue;
    for (std::int64_t position = 0; const auto& one : call.people)
      columns.add(view(call.id.str()), view(one.user.str()), position++, to_string(one.role),
                  to_string(one.invited), one.dropped, view(one.device.str()), view(one.peer_id),
                  one.media.video, one.media.audio, one.media.sharing, one.ever.video,
                  one.ever.audio, one.ever.sharing, std::int64_t{one.present.count()},
                  std::int64_t{one.version}, call.created_at, one.responded_at, one.joined_at,
                  one.entered_at, one.left_at);
  }
  if (!ids.empty())
    db.run(postgres_sql::put_people(), columns.take());
}

} // namespace

postgres_rows put_sessions(postgres_access& db, std::span<const write_op> ops,
                           const std::vector<std::size_t>& which) {
  postgres_columns<18> columns;
  for (auto i : which) {
    const auto& c = std::get<call_record>(ops[i]);
    const auto& facts = *c.session().facts;
    columns.add(view(c.id.str()), view(c.caller.str()), to_string(facts.type),
                view(facts.therapy_session), std::int64_t{facts.seats}, view(facts.settings),
                view(facts.metadata), to_string(c.status), stored_word(c.reason),
                std::int64_t{c.version}, c.duration_s, view(c.ended_by.str()), c.created_at,
                c.session().invited_until, c.started_at, c.ended_at, c.ring_deadline,
                c.call_deadline);
  }
  auto changed = db.run(postgres_sql::put_sessions(), columns.take());
  put_people(db, ops, which, changed);
  return changed;
}

postgres_rows put_samples(postgres_access& db, std::span<const write_op> ops,
                          const std::vector<std::size_t>& which) {
  postgres_columns<12> columns;
  for (auto i : which) {
    const auto& s = std::get<quality_sample>(ops[i]);
    columns.add(view(s.call.str()), view(s.user.str()), s.at, s.rtt_ms, s.jitter_ms, s.packet_loss,
                s.bitrate_kbps, s.connection_time_ms, s.audio_level, s.video_fps,
                view(s.resolution), s.mos);
  }
  return db.run(postgres_sql::put_samples(), columns.take());
}

std::optional<call_record> load_session(postgres_access& db, const call_id& id) {
  const std::array parameters{id.str()};
  const auto rows = db.run(postgres_sql::load_session(), parameters);
  session_reader reader;
  for (std::size_t i = 0; i < rows.size(); ++i)
    reader.add(rows[i]);
  return reader.take_one();
}

record_page sessions(postgres_access& db, const query::sessions& what) {
  const auto limit = std::max(what.limit, 0);
  const auto skip = std::max<std::int64_t>(what.skip(), 0);
  std::vector<std::string> parameters{what.user.str(), std::to_string(limit), std::to_string(skip)};
  std::vector<std::string> counted{what.user.str()};
  if (what.status) {
    for (auto* all : {&parameters, &counted})
      all->emplace_back(to_string(*what.status));
  }
  session_reader reader;
  const auto rows = db.run(postgres_sql::session_page(what.status.has_value()), parameters);
  for (std::size_t i = 0; i < rows.size(); ++i)
    reader.add(rows[i]);
  record_page page;
  if (const auto total = reader.total_after(skip, limit))
    page.total = *total;
  else
    page.total =
        db.run(postgres_sql::count_sessions(what.status.has_value()), counted)[0].number(0);
  page.calls = reader.take();
  return page;
}

std::vector<call_record> live_sessions(postgres_access& db) {
  const auto rows = db.run(postgres_sql::live_sessions(), {});
  session_reader reader;
  for (std::size_t i = 0; i < rows.size(); ++i)
    reader.add(rows[i]);
  return reader.take();
}

call_quality quality(postgres_access& db, const call_id& id) {
  const std::array parameters{id.str()};
  const auto rows = db.run(postgres_sql::quality(), parameters);
  call_quality found;
  for (std::size_t i = 0; i < rows.size(); ++i)
    read_summary(rows[i], found);
  return found;
}

usage_report usage(postgres_access& db, const user_id& user, time_point from, time_point to) {
  const std::array parameters{user.str(), ms(from), ms(to)};
  usage_report report;
  report.from = from;
  report.to = to;
  read_usage(db.run(postgres_sql::usage(), parameters)[0], report);
  const auto hours = db.run(postgres_sql::usage_by_hour(), parameters);
  for (std::size_t i = 0; i < hours.size(); ++i)
    report.by_hour.at(static_cast<std::size_t>(hours[i].number(0))) = hours[i].number(1);
  const auto score = db.run(postgres_sql::usage_score(), parameters);
  report.mos = real_in(score[0], 0);
  return report;
}

std::size_t erase_sessions(postgres_access& db, time_point before, std::size_t limit) {
  const std::array parameters{ms(before), std::to_string(limit)};
  return db.run(postgres_sql::erase_sessions(), parameters).affected();
}

} // namespace carillon::persistence::postgres_tables
