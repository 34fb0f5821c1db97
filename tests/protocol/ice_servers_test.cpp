#include "protocol/ice_servers.hpp"

#include "tests/catch.hpp"

using namespace carillon;

TEST_CASE("STUN servers are listed one by one", "[ice_servers]") {
  ice_settings settings;
  CHECK(encode_ice_servers(settings, user_id{"u"}, {}) == "[]");
  settings.stun_servers = {"stun:a:1", "stun:b:2"};
  CHECK(encode_ice_servers(settings, user_id{"u"}, {})
        == R"([{"urls":"stun:a:1"},{"urls":"stun:b:2"}])");
}

TEST_CASE("fixed TURN credentials are passed on", "[ice_servers]") {
  ice_settings settings{.stun_servers = {"stun:a"},
                        .turn_url = "turn:t:3478",
                        .turn_username = "u\"1",
                        .turn_password = "p"};
  CHECK(encode_ice_servers(settings, user_id{"u"}, {})
        == R"([{"urls":"stun:a"},{"urls":"turn:t:3478","username":"u\"1","credential":"p"}])");
}

TEST_CASE("credentials without a TURN server are not shown", "[ice_servers]") {
  ice_settings settings{.turn_username = "u", .turn_password = "p", .turn_secret = "s"};
  CHECK(encode_ice_servers(settings, user_id{"u"}, {}) == "[]");
}

TEST_CASE("a TURN server always has credentials, since browsers refuse one without",
          "[ice_servers]") {
  ice_settings settings{.turn_url = "turn:t"};
  CHECK(encode_ice_servers(settings, user_id{"u"}, {})
        == R"([{"urls":"turn:t","username":"","credential":""}])");
}

TEST_CASE("a TURN secret makes credentials that hold four hours", "[ice_servers]") {
  ice_settings settings{.turn_url = "turn:t", .turn_username = "fixed", .turn_secret = "north"};
  // echo -n 1700014400:alice | openssl dgst -sha1 -hmac north -binary | base64
  CHECK(encode_ice_servers(settings, user_id{"alice"}, from_epoch_ms(1700000000999))
        == R"([{"urls":"turn:t","username":"1700014400:alice",)"
           R"("credential":"vdJ7XnuaY5qzTO0D1hs7yLBVLqA="}])");
  CHECK(encode_ice_servers(settings, user_id{"bob"}, from_epoch_ms(1700000000999))
        != encode_ice_servers(settings, user_id{"alice"}, from_epoch_ms(1700000000999)));
}
