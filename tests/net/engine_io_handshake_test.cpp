#include "net/engine_io_handshake.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;
using boost::beast::http::verb;

TEST_CASE("a handshake for a WebSocket is judged in the reference server's order") {
  auto judge = [](const char* query, verb method = verb::get, bool upgrade = true) {
    return judge_handshake(method, query, upgrade);
  };
  CHECK(judge("EIO=4&transport=websocket") == std::nullopt);
  CHECK(judge("EIO=4&transport=websocket&sid=") == std::nullopt);
  CHECK(judge("EIO=4&transport=polling") == handshake_error::unknown_transport);
  CHECK(judge("EIO=4") == handshake_error::unknown_transport);
  CHECK(judge("EIO=4&transport=websocket&sid=abc") == handshake_error::unknown_session);
  CHECK(judge("EIO=4&transport=websocket", verb::post) == handshake_error::bad_method);
  CHECK(judge("EIO=4&transport=websocket", verb::get, false) == handshake_error::bad_request);
  CHECK(judge("EIO=3&transport=websocket") == handshake_error::unsupported_version);
  CHECK(judge("transport=websocket") == handshake_error::unsupported_version);
}

TEST_CASE("a refusal is told in Engine.IO's words") {
  auto answer = refusal_response(handshake_error::unsupported_version);
  CHECK(answer.status == 400);
  CHECK(answer.body == R"({"code":5,"message":"Unsupported protocol version"})");
  CHECK(refusal_response(handshake_error::unknown_transport).body
        == R"({"code":0,"message":"Transport unknown"})");
  CHECK(refusal_response(handshake_error::forbidden).status == 403);
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
