#include "protocol/mirror_lanes.hpp"

#include <algorithm>
#include <utility>

namespace carillon {

namespace {

// What the far side may ask for at most, so that a wrong clock there does not end the mirror.
constexpr milliseconds longest_believed{3'600'000};

} // namespace

std::size_t mirror_lanes::room() const noexcept {
  return how_.held > held_ ? how_.held - held_ : 0;
}

void mirror_lanes::add(std::vector<outbox_entry> entries) {
  for (auto& entry : entries) {
    if (entry.position <= read_upto_)
      continue; // read before
    read_upto_ = entry.position;
    ++held_;
    auto& of = lanes_[entry.lane];
    if (of.waiting.empty())
      turn_.push_back(entry.lane);
    of.waiting.push_back(std::move(entry));
  }
}

std::optional<outbox_entry> mirror_lanes::next(time_point now) {
  auto alone = failures_ > 0;
  if (now < pause_until_ || under_way_ >= how_.at_once || (alone && probe_))
    return std::nullopt;
  auto ready = std::find_if(turn_.begin(), turn_.end(), [&](const std::string& name) {
    return lanes_.at(name).not_before <= now;
  });
  if (ready == turn_.end())
    return std::nullopt;
  auto name = std::move(*ready);
  turn_.erase(ready);
  auto& of = lanes_.at(name);
  const auto& entry = of.waiting.front();
  of.busy = true;
  ++under_way_;
  if (alone)
    probe_ = entry.position;
  sent_.emplace(entry.position, std::move(name));
  return entry;
}

std::optional<outbox_result> mirror_lanes::on(std::uint64_t position, const send_result& how,
                                              time_point now, double luck) {
  auto sent = sent_.find(position);
  if (sent == sent_.end())
    return std::nullopt; // nothing of the kind is under way
  auto name = std::move(sent->second);
  sent_.erase(sent);
  --under_way_;
  auto& of = lanes_.at(name);
  of.busy = false;
  std::optional<outbox_result> out;
  switch (how.verdict) {
  case send_verdict::done:
    out = over(of, false, how, now);
    break;
  case send_verdict::refused:
    out = over(of, true, how, now);
    break;
  case send_verdict::failed:
    if (++of.attempts >= how_.attempts) {
      --of.attempts;
      out = over(of, true, how, now);
    } else {
      of.not_before = now + at_least(wait_after(of.attempts, luck), how.wait);
    }
    break;
  case send_verdict::throttled:
  case send_verdict::unreachable:
    hold_all(position, how, now, luck);
    break;
  }
  auto answered =
      how.verdict != send_verdict::throttled && how.verdict != send_verdict::unreachable;
  if (answered && probe_ == position)
    failures_ = 0;
  if (probe_ == position)
    probe_.reset();
  if (of.waiting.empty())
    lanes_.erase(name);
  else
    turn_.push_back(std::move(name));
  return out;
}

// Of those that were under way together only the first one counts: it is one failure.
void mirror_lanes::hold_all(std::uint64_t position, const send_result& how, time_point now,
                            double luck) {
  if (failures_ == 0 || probe_ == position)
    ++failures_;
  auto until = now + at_least(wait_after(failures_, luck), how.wait);
  if (probe_ == position || pause_until_ <= now || how.wait)
    pause_until_ = std::max(pause_until_, until);
}

std::optional<outbox_result> mirror_lanes::over(lane& of, bool dead, const send_result& how,
                                                time_point now) {
  outbox_result out{of.waiting.front().position, dead, of.attempts + 1,
                    dead ? how.error : std::string{}, now};
  of.waiting.pop_front();
  of.attempts = 0;
  of.not_before = {};
  --held_;
  return out;
}

std::optional<time_point> mirror_lanes::next_at() const {
  if (turn_.empty() || under_way_ >= how_.at_once || (failures_ > 0 && probe_))
    return std::nullopt;
  auto first = time_point::max();
  for (const auto& name : turn_)
    first = std::min(first, lanes_.at(name).not_before);
  return std::max(first, pause_until_);
}

milliseconds mirror_lanes::wait_after(unsigned failures, double luck) const noexcept {
  auto wait = how_.first;
  for (unsigned i = 1; i < failures && wait < how_.longest; ++i)
    wait *= 2;
  auto ms = static_cast<double>(std::min(wait, how_.longest).count());
  return milliseconds{static_cast<milliseconds::rep>(ms * (0.8 + 0.4 * luck))};
}

milliseconds mirror_lanes::at_least(milliseconds wait,
                                    const std::optional<seconds>& said) const noexcept {
  if (!said)
    return wait;
  // Compared as seconds first: what the far side says may not fit into milliseconds.
  auto believed = *said > longest_believed ? longest_believed : milliseconds{*said};
  return std::max(wait, believed);
}

} // namespace carillon
