#pragma once

#include "protocol/video.hpp"
#include "tests/net/fixture.hpp"
#include "tests/protocol/video_samples.hpp"

#include <string>
#include <string_view>

namespace carillon::net::test {

/// Requests of alice about video calls, to a server that starts with it.
struct video_asking {
  http_client client;
  std::string bearer;

  explicit video_asking(fixture& f)
    : client(f.start())
    , bearer(f.bearer("alice")) {}

  http_client::response operator()(const char* method, const char* path,
                                   std::string_view body = "") {
    return client.request(method, path, body, {{"Authorization", bearer}});
  }
};

inline bool has(const http_client::response& answer, std::string_view part) {
  return answer.body().find(part) != std::string::npos;
}

} // namespace carillon::net::test
