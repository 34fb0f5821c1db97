#include "net/pages.hpp"

#include "tests/net/fixture.hpp"

#include <algorithm>
#include <array>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;

namespace {

constexpr auto html = "text/html; charset=utf-8";
constexpr auto script = "text/javascript; charset=utf-8";

// By path, as the build has them.
constexpr std::array<page_file, 4> files{{
    {"/", html, "\"11\"", "<h1>Calls</h1>", "(packed)", false},
    {"/assets/3f/call/main.js", script, "\"22\"", "ring()", "(r)", true},
    {"/assets/3f/icon.svg", "image/svg+xml", "\"33\"", "<svg/>", {}, true},
    {"/ops", html, "\"44\"", "<h1>Operations</h1>", {}, false},
}};

std::string header(const http_client::response& answer, const char* name) {
  return std::string{answer[name]};
}

std::string header(const exchange::response& answer, std::string_view name) {
  auto at = std::find_if(answer.headers.begin(), answer.headers.end(),
                         [&](const auto& one) { return one.first == name; });
  return at == answer.headers.end() ? std::string{} : at->second;
}

} // namespace

TEST_CASE("a page is found by its exact path") {
  page_shelf shelf{files};
  for (auto& file : files)
    CHECK(shelf.find(file.path) == &file);
  for (auto path : {"", "/op", "/ops/", "/opsx", "/assets/3f/", "/assets/2f/call/main.js", "/~"})
    CHECK(shelf.find(path) == nullptr);
  CHECK(page_shelf{{}}.find("/") == nullptr);
}

TEST_CASE("whether gzip is taken is weighed as RFC 9110 says") {
  for (auto accepts :
       {"gzip", "GZip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8", "x-gzip", "*",
        "identity;q=0.5 , gzip ;q=0.001", "gzip;level=9;q=1", "*;q=0, gzip", " gzip\t;\tQ=1"})
    CHECK(takes_gzip(accepts));
  for (auto accepts : {"", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *", "gzipped",
                       "gzip;q=", "gzip;q=x", "identity", "deflate;q=1,", ", ,"})
    CHECK_FALSE(takes_gzip(accepts));
}

TEST_CASE("a tag is found among those that a cache has, weak or not") {
  for (auto have : {R"("22")", R"(W/"22")", R"("1", "22")", R"("1,2" ,W/"22","x")", "*", " * "})
    CHECK(names_tag(have, R"("22")"));
  for (auto have : {"", "22", R"("2")", R"("222")", R"("1)", R"("1", "22)", R"("22-gz")", "W/22"})
    CHECK_FALSE(names_tag(have, R"("22")"));
}

TEST_CASE("each representation of a file has a tag of its own") {
  auto plain = page_response(files[1], "", "");
  CHECK(plain.status == 200);
  CHECK(plain.body == "ring()");
  CHECK(header(plain, "ETag") == R"("22")");
  CHECK(header(plain, "Content-Encoding").empty());
  auto packed = page_response(files[1], "gzip", R"("22")");
  CHECK(packed.status == 200);
  CHECK(packed.body == "(r)");
  CHECK(header(packed, "ETag") == R"("22-gz")");
  CHECK(header(packed, "Content-Encoding") == "gzip");
  CHECK(header(packed, "Vary") == "Accept-Encoding");
  auto known = page_response(files[1], "gzip", R"("22", "22-gz")");
  CHECK(known.status == 304);
  CHECK(known.body.empty());
  CHECK(header(known, "ETag") == R"("22-gz")");
  CHECK(header(known, "Content-Encoding").empty());
  // Packing this one was not worth it.
  CHECK(page_response(files[2], "gzip", "").body == "<svg/>");
}

TEST_CASE("pages may do little, and are asked for anew; assets are kept") {
  auto page = page_response(files[0], "", "");
  CHECK(page.cache_control == "no-cache");
  auto policy = header(page, "Content-Security-Policy");
  CHECK(policy.starts_with("default-src 'none'; "));
  for (auto part : {"script-src 'self';", "connect-src 'self';", "base-uri 'none';",
                    "frame-ancestors 'none';", "trusted-types 'none'"})
    CHECK(policy.find(part) != std::string::npos);
  for (auto part : {"unsafe", "http", "*", "data:"})
    CHECK(policy.find(part) == std::string::npos);
  CHECK(header(page, "Permissions-Policy").starts_with("camera=(self), microphone=(self)"));
  CHECK(header(page, "Referrer-Policy") == "no-referrer");
  CHECK(header(page, "Cross-Origin-Opener-Policy") == "same-origin");
  CHECK(header(page, "Cross-Origin-Resource-Policy") == "same-origin");
  auto asset = page_response(files[1], "", "");
  CHECK(asset.cache_control == "public, max-age=31536000, immutable");
  CHECK(header(asset, "Content-Security-Policy").empty());
  CHECK(header(asset, "Cross-Origin-Resource-Policy") == "same-origin");
}

TEST_CASE("the server serves its pages to anybody") {
  fixture f;
  f.pages = files;
  http_client client{f.start()};
  auto root = client.request("GET", "/?relay");
  CHECK(root.result_int() == 200);
  CHECK(root.body() == "<h1>Calls</h1>");
  CHECK(header(root, "Content-Type") == html);
  CHECK(header(root, "X-Content-Type-Options") == "nosniff");
  CHECK(header(root, "Cache-Control") == "no-cache");
  CHECK_FALSE(header(root, "Content-Security-Policy").empty());
  auto asset = client.request("GET", "/assets/3f/call/main.js", {}, {{"Accept-Encoding", "gzip"}});
  CHECK(asset.body() == "(r)");
  CHECK(header(asset, "Content-Type") == script);
  CHECK(header(asset, "Content-Length") == "3");
  CHECK(header(asset, "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(client.request("GET", "/ops").body() == "<h1>Operations</h1>");
  CHECK(f.sink.seen_users().empty());
}

TEST_CASE("a file that is known is not sent again") {
  fixture f;
  f.pages = files;
  http_client client{f.start()};
  for (auto method : {"GET", "HEAD"}) {
    client.send(std::string{method}
                + " /ops HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"9\", \"44\"\r\n\r\n");
    auto answer = client.receive(std::string_view{method} == "HEAD");
    CHECK(answer.result_int() == 304);
    CHECK(answer.body().empty());
    CHECK(header(answer, "ETag") == R"("44")");
    CHECK(header(answer, "Cache-Control") == "no-cache");
    CHECK(answer.find("Content-Length") == answer.end());
    CHECK(answer.find("Content-Type") == answer.end());
  }
  // The connection is still in step.
  CHECK(client.request("GET", "/ops", {}, {{"If-None-Match", "\"9\""}}).result_int() == 200);
}

TEST_CASE(
    "HEAD of a page has its length, other methods are refused, unknown assets are not there") {
  fixture f;
  f.pages = files;
  http_client client{f.start()};
  auto head = client.request("HEAD", "/ops");
  CHECK(head.result_int() == 200);
  CHECK(header(head, "Content-Length") == "19");
  CHECK(head.body().empty());
  for (auto path : {"/", "/ops", "/assets/3f/icon.svg"}) {
    auto posted = client.request("POST", path, "x");
    CHECK(posted.result_int() == 405);
    CHECK(header(posted, "Allow") == "GET, HEAD, OPTIONS");
    CHECK(client.request("OPTIONS", path).result_int() == 204);
  }
  for (auto path : {"/assets/2e/call/main.js", "/assets/3f/", "/assets", "/index.html",
                    "/assets/3f/../../ops"}) {
    INFO(path);
    CHECK(client.request("GET", path).result_int() == 404);
  }
}
