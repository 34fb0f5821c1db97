#include "bench/load/idle_crowd.hpp"

namespace carillon::load {

void idle_crowd::add(const endpoint& server, std::string token, unsigned source) {
  devices_.emplace_back(*this).socket.connect(server, std::move(token), source);
}

void idle_crowd::add_bare(const endpoint& server, unsigned source) {
  // The sides of pairs that nobody else uses.
  constexpr std::size_t first_pair = 1'000'000;
  auto number = devices_.size();
  auto path = "/floor?pair=" + std::to_string(first_pair + number / 2)
              + "&side=" + std::to_string(number % 2);
  devices_.emplace_back(*this).socket.connect_bare(server, path, source);
}

void idle_crowd::close() {
  for (auto& each : devices_)
    each.socket.close();
}

void idle_crowd::device::on_connected() {
  connected = true;
  ++owner.arrived_;
}

void idle_crowd::device::on_failed(const std::string& why) {
  owner.figures_.error("idle connection: " + why);
  if (!connected)
    ++owner.arrived_;
  connected = true;
}

idle_stage compare_idle(const proc_sample& nothing, const proc_sample& before,
                        const proc_sample& after, std::uint32_t connections, std::uint32_t added) {
  auto each = [&](std::int64_t from, std::int64_t to) {
    return static_cast<double>(to - from) / connections;
  };
  idle_stage stage;
  stage.connections = connections;
  stage.rss_bytes_each = each(nothing.rss_bytes, after.rss_bytes);
  stage.pss_bytes_each = each(nothing.pss_bytes, after.pss_bytes);
  stage.accept_us_each = static_cast<double>((after.cpu - before.cpu).total_ns()) / 1e3 / added;
  return stage;
}

} // namespace carillon::load
