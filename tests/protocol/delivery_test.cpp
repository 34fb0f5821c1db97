#include "protocol/relay_permit.hpp"
#include "tests/catch.hpp"

#include <atomic>
#include <thread>

using namespace carillon;

namespace {

constexpr auto at = from_epoch_ms(1'000'000);
const device_id phone{"phone"};
const device_id tablet{"tablet"};
const user_id bob{"bob"};

/// Keeps what it is offered.
class link final : public client_link {
public:
  using client_link::offer;
  void offer(const wire_event_ptr& event) noexcept override {
    got.push_back(std::string{event->name} + event->data + "#" + std::to_string(event->offset));
  }
  void close(close_reason) noexcept override {}
  void set_in_call(bool) noexcept override {}
  std::vector<std::string> got;
};

using strings = std::vector<std::string>;

struct fixture {
  std::shared_ptr<delivery> out =
      std::make_shared<delivery>(resume_limits{.events = 3, .bytes = 50});
  std::shared_ptr<link> to_phone = std::make_shared<link>();
  std::shared_ptr<link> to_tablet = std::make_shared<link>();

  fixture() {
    out->add(phone);
    out->connect(phone, to_phone);
    out->add(tablet);
    out->connect(tablet, to_tablet);
  }

  void send(const std::vector<device_id>& to, std::string data) {
    out->send(to, wire_event{"e", std::move(data)}, at);
  }

  relay_permit permit() const {
    relay_words words;
    for (auto& frame : words.by_kind)
      frame = {"r", "<", ">"};
    return {call_id{"c"}, device_id{"sender"}, words, {{{bob, phone}, out}}};
  }

  strings missed(const device_id& device, std::uint64_t offset) const {
    strings data;
    auto kept = out->missed(device, offset).value();
    for (const auto& one : kept)
      data.push_back(one->data);
    return data;
  }
};

} // namespace

TEST_CASE("events are numbered over all devices of a user", "[delivery]") {
  fixture f;
  f.send({phone}, "1");
  f.send({phone, tablet}, "2");
  f.send({device_id{"unknown"}}, "3");
  f.send({tablet}, "4");
  CHECK(f.to_phone->got == strings{"e1#1", "e2#2"});
  CHECK(f.to_tablet->got == strings{"e2#2", "e4#4"});
}

TEST_CASE("a lost device's events are kept", "[delivery]") {
  fixture f;
  f.send({phone}, "1");
  f.out->disconnect(phone);
  f.send({phone}, "2");
  f.send({phone}, "3");
  CHECK(f.to_phone->got == strings{"e1#1"});
  CHECK(f.missed(phone, 1) == strings{"2", "3"});
  f.send({phone}, "4");
  CHECK_FALSE(f.out->missed(phone, 0).has_value());
  CHECK(f.out->trim(phone, at));
  CHECK_FALSE(f.out->trim(phone, at + seconds{1}));
  f.out->remove(phone);
  CHECK_FALSE(f.out->missed(phone, 4).has_value());
}

TEST_CASE("what is too big to be kept is sent all the same", "[delivery]") {
  fixture f;
  auto big = std::string(51, 'x');
  f.send({phone}, big);
  CHECK(f.to_phone->got == strings{"e" + big + "#1"});
  CHECK_FALSE(f.out->missed(phone, 0).has_value());
}

TEST_CASE("a permit relays while it is open and the device is there", "[relay_permit]") {
  fixture f;
  auto permit = f.permit();
  CHECK_FALSE(permit.relay({"bob"}, relay_kind::offer, "1", at));
  permit.open(user_id{"someone"});
  CHECK_FALSE(permit.relay({"bob"}, relay_kind::offer, "1", at));
  permit.open(bob);
  CHECK(permit.relay({"bob"}, relay_kind::offer, "1", at));
  CHECK(permit.relay({"phone", true}, relay_kind::candidate, "2", at));
  CHECK_FALSE(permit.relay({"tablet", true}, relay_kind::offer, "3", at));
  CHECK_FALSE(permit.relay({"phone"}, relay_kind::offer, "3", at));
  CHECK_FALSE(permit.relay({"bob", true}, relay_kind::offer, "3", at));
  CHECK(f.to_phone->got == strings{"r<1>#1", "r<2>#2"});
  CHECK(f.missed(phone, 1) == strings{"<2>"});
  f.out->disconnect(phone);
  CHECK_FALSE(permit.relay({"bob"}, relay_kind::offer, "4", at));
}

TEST_CASE("a revoked permit does not open again", "[relay_permit]") {
  fixture f;
  auto permit = f.permit();
  permit.revoke();
  permit.open(bob);
  CHECK_FALSE(permit.relay({"bob"}, relay_kind::offer, "1", at));
  CHECK(f.to_phone->got.empty());
}

TEST_CASE("nothing passes a permit once it is revoked", "[relay_permit]") {
  fixture f;
  auto permit = f.permit();
  permit.open(bob);
  std::atomic<bool> stop{false};
  std::thread sender{[&] {
    while (!stop)
      (void)permit.relay({"bob"}, relay_kind::offer, "1", at);
  }};
  for (int i = 0; i < 100; ++i)
    f.send({phone}, "0");
  permit.revoke();
  f.send({phone}, "\"last\"");
  stop = true;
  sender.join();
  CHECK(f.to_phone->got.back().starts_with("e\"last\""));
}
