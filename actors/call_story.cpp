#include "actors/call_story.hpp"

#include "actors/call_board.hpp"
#include "actors/call_log.hpp"

#include <caf/send.hpp>

#include <memory>

namespace carillon::actors {

namespace {

std::size_t index_of(call_kind kind) noexcept { return static_cast<std::size_t>(kind); }

void count_end(vitals& now, const call_record& record) {
  auto reason = static_cast<std::size_t>(record.reason);
  now.ended[index_of(record.kind())][reason].fetch_add(1, std::memory_order_relaxed);
  if (record.kind() == call_kind::direct && !record.started_at)
    now.rang_in_vain[reason].fetch_add(1, std::memory_order_relaxed);
}

} // namespace

call_story::~call_story() { leave(); }

void call_story::leave() {
  if (!std::exchange(shown_, false))
    return;
  counted_ = {};
  house_->board.forget(card_.call);
}

void call_story::begin(const context& house, const call_record& record, time_point now,
                       chronicle::beginning how) {
  house_ = &house;
  told_.begin(record, now, how);
  if (how == chronicle::beginning::fresh)
    return;
  version_ = record.version;
  active_ = record.state() == call_state::active;
  show(record);
}

void call_story::follow(const call_record& record, const std::vector<addressed_event>& events,
                        time_point now) {
  told_.follow(record, events, now);
  if (record.version == version_)
    return;
  if (std::exchange(version_, record.version) == 0)
    log_begin(record);
  if (!active_ && record.state() == call_state::active) {
    active_ = true;
    house_->counts.now.answered[index_of(record.kind())].fetch_add(1, std::memory_order_relaxed);
    log_active(record);
  }
  if (record.state() != call_state::ended)
    show(record);
}

void call_story::follow(const user_id& user, const call_summary& before, const call_summary& after,
                        time_point now) {
  told_.follow(user, before, after, now);
  if (!shown_ || after.state == call_state::ended || card_.away == told_.away())
    return;
  card_.away = told_.away();
  house_->board.show(card_);
}

void call_story::add(const user_id& from, const relay_permit& gone) {
  gone.each_tally(
      [&](const user_id& to, const relay_counts& counts) { told_.add(from, to, counts); });
}

void call_story::show(const call_record& record) {
  auto card = card_of(record);
  card.away = told_.away();
  if (shown_ && card == card_)
    return;
  if (!shown_ || card.state != card_.state)
    counted_ = gauge_hold{
        house_->counts.now.calls[index_of(card.kind)][card.state == call_state::active ? 1 : 0]};
  card_ = std::move(card);
  shown_ = true;
  house_->board.show(card_);
}

void call_story::end(const call_record& record) {
  log_end(record);
  count_end(house_->counts.now, record);
  counted_ = {};
  shown_ = false;
  auto text = std::make_shared<const timeline_text>(
      timeline_text{record.id, *record.ended_at, pack(told_.so_far())});
  house_->board.close(card_of(record), text);
  put what{text, {}, 0, {}};
  what.may_wait = true;
  caf::anon_send(house_->persistence, std::move(what));
}

timeline_ptr call_story::so_far(const std::vector<granted>& permits) const {
  std::vector<chronicle::passing> passing;
  for (const auto& [from, permit] : permits)
    permit->each_tally([&, &sender = from](const user_id& to, const relay_counts& counts) {
      passing.push_back({sender, to, counts});
    });
  auto told = told_.so_far(passing);
  return std::make_shared<const timeline_text>(
      timeline_text{told.call, told.ended_at.value_or(time_point{}), pack(told)});
}

} // namespace carillon::actors
