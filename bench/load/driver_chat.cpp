#include "bench/load/driver.hpp"

#include <algorithm>
#include <limits>

namespace carillon::load {

namespace {

// Time for each channel to have been used before anything is measured.
constexpr double warm_up_s = 1;

} // namespace

void driver::connect_chats() {
  auto count = std::size_t{options_.pairs} + options_.sessions;
  auto at_once = std::max<std::size_t>(options_.connecting * 2 / chat_.members, 1);
  connect_each(count, at_once, [this](std::size_t number) {
    auto& chat = chats_.emplace_back(static_cast<std::uint32_t>(number), poller_, chat_, figures_,
                                     static_cast<flow_observer&>(*this), options_.user_prefix);
    parties_.push_back(&chat);
    for (std::size_t i = 0; i < chat_.members; ++i)
      chat.connect(i, server_, token_for(chat.user(i)), next_source());
  });
}

void driver::chat() {
  phase_ = phase::draining; // whoever ends a call begins no other
  constexpr auto for_ever = std::numeric_limits<std::int64_t>::max();
  for (auto& each : chats_)
    if (!each.has_failed())
      each.start_call(now_ns());
  auto settled = [](const chat_flow& each) { return each.may_chat() || each.has_failed(); };
  pump_until([&] { return std::ranges::all_of(chats_, settled); }, for_ever);

  schedule_.emplace(options_.chat_rate * static_cast<double>(chats_.size()), now_ns());
  for (auto& each : chats_)
    may_chat_.push_back(&each);
  wait(warm_up_s);
  auto begin = sample_all();
  figures_.recording = true;
  wait(options_.seconds);
  figures_.recording = false;
  take_figures(begin, sample_all());

  may_chat_.clear();
  auto quiet = [](const chat_flow& each) { return each.is_quiet() || each.has_failed(); };
  pump_until([&] { return std::ranges::all_of(chats_, quiet); }, for_ever);
  for (auto& each : chats_)
    if (!each.has_failed())
      each.end_call();
  drain();
}

} // namespace carillon::load
