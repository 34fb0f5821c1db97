#include "protocol/base64.hpp"

#include "tests/catch.hpp"

using namespace carillon;
using namespace std::literals;

TEST_CASE("base64 gives the examples of RFC 4648", "[base64]") {
  CHECK(encode_base64("") == "");
  CHECK(encode_base64("f") == "Zg==");
  CHECK(encode_base64("fo") == "Zm8=");
  CHECK(encode_base64("foo") == "Zm9v");
  CHECK(encode_base64("foob") == "Zm9vYg==");
  CHECK(encode_base64("fooba") == "Zm9vYmE=");
  CHECK(encode_base64("foobar") == "Zm9vYmFy");
  CHECK(encode_base64("\xFB\xFF\xFE"sv) == "+//+");
}

TEST_CASE("base64url round-trips every byte at every length", "[base64]") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    auto text = encode_base64url(bytes);
    CHECK(text.find_first_of("+/=") == std::string::npos);
    CHECK(decode_base64url(text) == bytes);
    bytes += static_cast<char>(i * 7);
  }
  CHECK(encode_base64url("\xFB\xFF\xFE"sv) == "-__-");
}

TEST_CASE("base64url takes one text only for the same bytes", "[base64]") {
  CHECK(decode_base64url("Zg") == "f");
  for (auto bad :
       {"Zg==", "Zg=", "Zh", "Zm9", "Z", "Zm9vY", "Zm 9v", "Zm9v\n", "+//+", "Zm9v.", "\xC3\xA4gg"})
    CHECK_FALSE(decode_base64url(bad));
}
