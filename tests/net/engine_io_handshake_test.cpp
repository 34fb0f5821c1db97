#include "net/engine_io_handshake.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;
using boost::beast::http::verb;

TEST_CASE("a request is judged in the reference server's order") {
  engine_sessions sessions;
  auto judge = [&](const char* query, verb method = verb::get, bool upgrade = true) {
    auto verdict = judge_handshake(sessions, method, query, upgrade);
    auto* why = std::get_if<handshake_error>(&verdict);
    return why ? std::optional{*why} : std::nullopt;
  };
  CHECK(judge("EIO=4&transport=websocket") == std::nullopt);
  CHECK(judge("EIO=4&transport=websocket&sid=") == std::nullopt);
  CHECK(judge("EIO=4&transport=polling", verb::get, false) == std::nullopt);
  CHECK(judge("EIO=4&transport=webtransport") == handshake_error::unknown_transport);
  CHECK(judge("EIO=4") == handshake_error::unknown_transport);
  CHECK(judge("EIO=4&transport=websocket&sid=abc") == handshake_error::unknown_session);
  CHECK(judge("EIO=4&transport=polling&sid=abc", verb::post, false)
        == handshake_error::unknown_session);
  CHECK(judge("EIO=4&transport=websocket", verb::post) == handshake_error::bad_method);
  CHECK(judge("EIO=4&transport=polling", verb::post, false) == handshake_error::bad_method);
  CHECK(judge("EIO=4&transport=websocket", verb::get, false) == handshake_error::bad_request);
  CHECK(judge("EIO=3&transport=websocket") == handshake_error::unsupported_version);
  CHECK(judge("transport=polling", verb::get, false) == handshake_error::unsupported_version);
}

TEST_CASE("a refusal is told in Engine.IO's words") {
  auto answer = refusal_response(handshake_error::unsupported_version);
  CHECK(answer.status == 400);
  CHECK(answer.body == R"({"code":5,"message":"Unsupported protocol version"})");
  CHECK(refusal_response(handshake_error::unknown_transport).body
        == R"({"code":0,"message":"Transport unknown"})");
  CHECK(refusal_response(handshake_error::forbidden).status == 403);
  CHECK(refusal_of_upgrade(handshake_error::unknown_session).body == "Session ID unknown");
}

TEST_CASE("the token of a handshake is the header's, else the query's") {
  exchange::request request{verb::get, "/socket.io/?EIO=4&token=from%2Equery", 11};
  CHECK(handshake_token(request) == "from.query");
  request.set("Authorization", "bearer   from.header");
  CHECK(handshake_token(request) == "from.header");
  request.set("Authorization", "Basic abc");
  CHECK(handshake_token(request) == "from.query");
  request.target("/socket.io/?EIO=4");
  CHECK(handshake_token(request).empty());
  request.set("Authorization", "Bearer ");
  CHECK(handshake_token(request).empty());
}
