#include "protocol/json.hpp"

#include "tests/catch.hpp"
#include "tests/protocol/json_maker.hpp"

using namespace carillon;

TEST_CASE("random objects are split as they were made", "[json]") {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    json_maker make{seed};
    std::vector<std::string> raws;
    auto text = make.object(raws);
    INFO("seed " << seed << ": " << text);
    auto object = json::object::parse(text);
    REQUIRE(object);
    REQUIRE(object->members().size() == raws.size());
    for (std::size_t i = 0; i < raws.size(); ++i) {
      REQUIRE(object->members()[i].raw == raws[i]);
      REQUIRE(object->members()[i].key == "k" + std::to_string(i));
    }
  }
}

TEST_CASE("a prefix of an object is never an object", "[json]") {
  for (unsigned seed = 0; seed < 100; ++seed) {
    json_maker make{seed};
    std::vector<std::string> raws;
    auto text = make.object(raws);
    auto end = text.rfind('}');
    for (std::size_t length = 0; length <= end; ++length) {
      // In a buffer of its own, so that a sanitizer sees a read beyond the end.
      std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length));
      REQUIRE_FALSE(json::valid({exact.data(), exact.size()}));
    }
  }
}

TEST_CASE("changed bytes give an error or consistent members, never a crash", "[json]") {
  std::mt19937 random{7};
  for (unsigned seed = 0; seed < 5000; ++seed) {
    json_maker make{seed};
    std::vector<std::string> raws;
    auto text = make.object(raws);
    for (int change = 0; change < 3; ++change)
      text[random() % text.size()] = static_cast<char>(random());
    auto object = json::object::parse(text);
    if (!object)
      continue;
    INFO("seed " << seed);
    for (const auto& member : object->members()) {
      REQUIRE(json::valid(member.raw));
      if (member.type == json::kind::string)
        REQUIRE(json::as_string(member.raw) == member.text);
    }
  }
}
