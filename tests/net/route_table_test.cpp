#include "net/routes/route_table.hpp"
#include "tests/catch.hpp"

using namespace carillon;
using namespace carillon::net;
using verb = route::verb;

namespace {

void first(exchange&) {}
void second(exchange&) {}
std::string words(const failure&, bool) { return "family"; }

route_table table() {
  route_table routes;
  routes.add("/api/things", words,
             {{verb::get, "/api/things/list", first},
              {verb::post, "/api/things/list", second},
              {verb::delete_, "/api/things/list/:id", second},
              {verb::put, "/api/things/one/:id/part", first},
              {verb::get, "/api/things/one/:id", second}});
  return routes;
}

} // namespace

TEST_CASE("a route is found by method and path") {
  auto routes = table();
  CHECK(routes.find(verb::get, "/api/things/list").found->handle == first);
  CHECK(routes.find(verb::head, "/api/things/list").found->handle == first);
  CHECK(routes.find(verb::post, "/api/things/list").found->handle == second);
}

TEST_CASE("a path with another method tells which methods it has") {
  auto found = table().find(verb::put, "/api/things/list");
  CHECK(found.found == nullptr);
  CHECK(found.methods == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("a path that several patterns match has each method once, and the first of them") {
  route_table routes;
  routes.add("/calls", words,
             {{verb::get, "/calls/all", first},
              {verb::get, "/calls/:id", second},
              {verb::put, "/calls/:id", second}});
  auto found = routes.find(verb::get, "/calls/all");
  REQUIRE(found.found);
  CHECK(found.found->handle == first);
  CHECK(found.parameter.empty());
  CHECK(found.methods == "GET, HEAD, PUT, OPTIONS");
  CHECK(routes.find(verb::get, "/calls/other").found->handle == second);
}

TEST_CASE("a parameter is one whole segment") {
  auto routes = table();
  auto found = routes.find(verb::delete_, "/api/things/list/a%2Fb");
  REQUIRE(found.found);
  CHECK(found.parameter == "a%2Fb");
  CHECK(routes.find(verb::delete_, "/api/things/list/").methods.empty());
  CHECK(routes.find(verb::delete_, "/api/things/list/a/b").methods.empty());
}

TEST_CASE("a parameter may stand in the middle") {
  auto routes = table();
  auto found = routes.find(verb::put, "/api/things/one/a%2Fb/part");
  REQUIRE(found.found);
  CHECK(found.found->handle == first);
  CHECK(found.parameter == "a%2Fb");
  CHECK(found.methods == "PUT, OPTIONS");
  auto whole = routes.find(verb::get, "/api/things/one/part");
  REQUIRE(whole.found);
  CHECK(whole.found->handle == second);
  CHECK(whole.parameter == "part");
  for (auto path : {"/api/things/one//part", "/api/things/one/a/b/part", "/api/things/one/a/par",
                    "/api/things/one/a/part/", "/api/things/one/", "/api/things/one/apart/x"})
    CHECK(routes.find(verb::put, path).methods.empty());
}

TEST_CASE("unknown paths have the words of the family they are under") {
  auto routes = table();
  CHECK(routes.find(verb::get, "/api/things/other").errors({}, false) == "family");
  CHECK(routes.find(verb::get, "/api/thingsx").errors({}, false) != "family");
  CHECK(routes.find(verb::get, "/api/thingsx").methods.empty());
}
