#include "protocol/random_id.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>

namespace carillon {

namespace {

constexpr std::size_t id_size = 20;

/// Random bytes for some ids: to ask for twenty costs as much as to ask for all of these.
class supply {
public:
  std::span<unsigned char, id_size> next() {
    if (left_ == 0) {
      if (RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) != 1)
        throw std::runtime_error("the system has no random numbers");
      left_ = bytes_.size() / id_size;
    }
    return std::span{bytes_}.subspan(--left_ * id_size).first<id_size>();
  }

private:
  std::array<unsigned char, 32 * id_size> bytes_;
  std::size_t left_ = 0;
};

} // namespace

std::string random_id() {
  static constexpr char letters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  thread_local supply from;
  auto bytes = from.next();
  std::string id(bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    id[i] = letters[bytes[i] & 63];
  OPENSSL_cleanse(bytes.data(), bytes.size()); // some ids are secrets of their clients
  return id;
}

} // namespace carillon
