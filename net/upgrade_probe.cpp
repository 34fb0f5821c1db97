#include "net/upgrade_probe.hpp"

namespace carillon::net {

upgrade_probe::upgrade_probe(std::shared_ptr<site> host, std::shared_ptr<engine_io_session> session)
  : site_(std::move(host))
  , session_(std::move(session))
  , outbox_(0, 0)
  , timer_(session_->executor()) {}

void upgrade_probe::open(std::shared_ptr<transport> way) {
  way_ = std::move(way);
  if (!session_->consider(shared_from_this())) {
    session_ = nullptr;
    return give_up();
  }
  timer_.expires_after(site_->waits().upgrade);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled)
      self->give_up();
  });
}

void upgrade_probe::on_text(std::string_view packet) {
  if (!session_)
    return;
  if (packet == "2probe") {
    if (outbox_.push(std::make_shared<const std::string>("3probe")))
      way_->flush();
    return session_->hurry();
  }
  if (!packet.starts_with('5'))
    return give_up();
  timer_.cancel();
  auto session = std::exchange(session_, nullptr);
  session->upgrade(std::exchange(way_, nullptr));
}

void upgrade_probe::give_up() {
  timer_.cancel();
  if (auto session = std::exchange(session_, nullptr))
    session->dismiss_candidate();
  if (way_)
    way_->close(close_reason::normal);
}

void upgrade_probe::on_transport_closed() {
  way_ = nullptr;
  give_up();
}

void upgrade_probe::on_server_stop() noexcept { give_up(); }

} // namespace carillon::net
