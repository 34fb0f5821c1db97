#include "protocol/uuid.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace carillon {

namespace {

using bytes = std::array<std::uint8_t, 16>;

constexpr std::string_view digits = "0123456789abcdef";

int value_of(char digit) {
  if (digit >= '0' && digit <= '9')
    return digit - '0';
  if (digit >= 'a' && digit <= 'f')
    return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F')
    return digit - 'A' + 10;
  return -1;
}

bool dash_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

bytes parse(std::string_view text) {
  bytes result{};
  if (text.size() != 36)
    throw std::invalid_argument("a UUID has 36 characters");
  std::size_t at = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (dash_before(i) && text[at++] != '-')
      throw std::invalid_argument("not a UUID");
    auto high = value_of(text[at]);
    auto low = value_of(text[at + 1]);
    if (high < 0 || low < 0)
      throw std::invalid_argument("not a UUID");
    result[i] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
  }
  return result;
}

std::string print(const bytes& uuid) {
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (dash_before(i))
      text += '-';
    text += digits[uuid[i] >> 4];
    text += digits[uuid[i] & 15];
  }
  return text;
}

} // namespace

std::string uuid_of(std::string_view space, std::string_view name) {
  auto prefix = parse(space);
  std::string input{prefix.begin(), prefix.end()};
  input += name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (EVP_Digest(input.data(), input.size(), hash.data(), &size, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("cannot compute a SHA-1");
  bytes uuid{};
  for (std::size_t i = 0; i < uuid.size(); ++i)
    uuid[i] = hash[i];
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0f) | 0x50); // version 5
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3f) | 0x80); // the variant of the RFC
  return print(uuid);
}

} // namespace carillon
