#include "protocol/random_id.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace carillon {

std::string random_id() {
  static constexpr char letters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<unsigned char, 20> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("the system has no random numbers");
  std::string id(bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    id[i] = letters[bytes[i] & 63];
  return id;
}

} // namespace carillon
