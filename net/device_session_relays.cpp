#include "config/log.hpp"
#include "net/device_session.hpp"
#include "net/pump.hpp"
#include "protocol/dialects/families.hpp"

#include <boost/asio/dispatch.hpp>

namespace asio = boost::asio;

// How a device's relays go straight to their receivers.

namespace carillon::net {

bool device_session::relay_straight(std::string_view name, std::string_view data, ack_id ack) {
  auto what = gate_.find_relay(name, data);
  auto* permit = what && stage_ == stage::admitted ? ways_.straight(what->call) : nullptr;
  if (!permit || permit->family() != what->family)
    return false;
  auto began = std::chrono::steady_clock::now();
  if (auto pass = gate_.take(name, began); !pass) {
    counters::add(host().context.counts.events_in);
    refuse(pass.error(), ack, what->family);
    return true;
  }
  // What is not relayed goes on to `on_event`, and was counted for its rate already.
  paid_ = !permit->relay({what->to, what->to_device}, what->kind, what->payload,
                         host().context.time.wall(began));
  if (paid_)
    return false;
  if (auto* here = pump::here())
    here->time_relay(began);
  counters::add(host().context.counts.events_in);
  counters::add(host().context.counts.relays);
  if (ack)
    push(ack_frame(*ack, families::encode_ack(what->family, reply_value{})));
  return true;
}

void device_session::grant(relay_permit_ptr permit) noexcept {
  try {
    asio::dispatch(executor(), [self = std::static_pointer_cast<device_session>(shared_from_this()),
                                granted = std::move(permit)]() mutable {
      if (self->attached_ && granted->sender() == self->device_)
        self->ways_.permit(std::move(granted));
    });
  } catch (const std::exception& problem) {
    // Its relays go through the actors, as they do without one.
    log::error("permit_lost", {{"error", problem.what()}});
  }
}

} // namespace carillon::net
