#include "net/stream_mirror.hpp"

#include "config/log.hpp"
#include "tests/net/far_side.hpp"
#include "tests/net/outbox_store.hpp"

#include <future>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;

namespace {

struct mirrored {
  authority trusted;
  std::shared_ptr<outbox_shelf> shelf = std::make_shared<outbox_shelf>();
  std::shared_ptr<carillon::mirror_status> status = std::make_shared<carillon::mirror_status>(true);

  mirrored() { log::set_level(log::level::off); }

  stream_mirror make(const std::string& url) {
    stream_client_settings how;
    how.base_url = url;
    how.api_key = "key";
    how.api_secret = "secret";
    how.ca_file = trusted.chain();
    return {how, {}, std::make_shared<outbox_stores>(shelf), status};
  }
};

} // namespace

TEST_CASE("the mirror empties the outbox by itself") {
  mirrored m;
  std::vector<std::string> bodies;
  {
    far_side far{m.trusted.certify("DNS:localhost"), {[&bodies](far_side::connection& c) {
                   c.shake_hands();
                   for (int i = 0; i < 3; ++i) {
                     auto request = c.read();
                     bodies.push_back(request.substr(request.find("\r\n\r\n") + 4));
                     c.answer("201 Created", "{}");
                   }
                 }}};
    for (std::uint64_t i = 1; i <= 3; ++i)
      m.shelf->put(message_in("ca", i));
    auto mirror = m.make(far.url());
    REQUIRE(mirror.start().ok());
    CHECK(m.shelf->wait_done(3));
    mirror.stop();
    mirror.stop();
  }
  CHECK(bodies
        == std::vector<std::string>{R"({"message":{"id":"1"}})", R"({"message":{"id":"2"}})",
                                    R"({"message":{"id":"3"}})"});
}

TEST_CASE("the mirror ends while Stream hangs, and what was under way stays in the store") {
  mirrored m;
  std::promise<void> asked;
  far_side far{m.trusted.certify("DNS:localhost"), {[&asked](far_side::connection& c) {
                 c.shake_hands();
                 c.read();
                 asked.set_value();
                 c.hang();
               }}};
  m.shelf->put(message_in("ca", 1));
  auto mirror = m.make(far.url());
  REQUIRE(mirror.start().ok());
  REQUIRE(asked.get_future().wait_for(patience) == std::future_status::ready);
  mirror.stop();
  CHECK(m.shelf->done().empty());
}

TEST_CASE("the mirror starts without its store, but not with settings that are of no use") {
  mirrored m;
  m.shelf->set_away(true);
  auto mirror = m.make("https://localhost:9");
  CHECK(mirror.start().ok());
  mirror.stop();
  auto wrong = m.make("http://localhost");
  auto started = wrong.start();
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().message() == "Invalid field: stream.base_url: must begin with https://");
}
